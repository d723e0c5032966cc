/// Machines that are instances of Amazon EC2, or of what speaks its Query API.
///
/// `AwsProvider` puts together what is configured (`AwsSettings`), how the place is called
/// (`AwsClients`, `AwsCalls`, `AwsFailure`) and the operations (`Ec2Instances`, `Ec2Power`,
/// `Ec2Console`). What a group asks for is read by `MachineSpec`, looked up by `Images` and
/// `Networks`, and sent by `Launch`. The tags of an instance are the truth about whose it is
/// (`Marks`).
@NullMarked
package dev.formwork.provider.aws;

import org.jspecify.annotations.NullMarked;
