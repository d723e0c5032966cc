/// The benchmark `agents`: a thousand agents over the real protocol, and ten thousand that wait.
@NullMarked
package dev.formwork.bench.agents;

import org.jspecify.annotations.NullMarked;
