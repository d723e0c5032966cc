/// A server that speaks enough of Amazon's EC2 Query API and of its Systems Manager to make, find,
/// power and remove instances. `AwsServer` takes a request and checks who signed it; `Ec2Actions`
/// does what it says in an `Ec2Account`. What it was held against, docs/providers.md says.
@NullMarked
package dev.formwork.provider.aws.server;

import org.jspecify.annotations.NullMarked;
