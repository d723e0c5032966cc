/// Values of inputs and outputs checked against their JSON Schemas (draft 2020-12), with messages
/// in Formwork's words that never print a secret.
@NullMarked
package dev.formwork.workflow.schema;

import org.jspecify.annotations.NullMarked;
