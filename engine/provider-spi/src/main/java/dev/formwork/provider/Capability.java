package dev.formwork.provider;

/// One thing that a provider can do: the parent of [InstanceLifecycle], [PowerControl],
/// [BootControl], [Console], [AgentSupervision], [Inventory], [Sensors], [EventLog], [Identify],
/// [VirtualMedia] and [FirmwareControl].
///
/// What holds for every operation of every capability:
///
/// - **Thread-safety.** Operations may be called by many threads at once, for the same instance
///   too, and by several engines that share one store. The provider sees to it that their effects
///   do not mix.
/// - **Blocking.** They block; the engine calls them on virtual threads, under time limits of its
///   own.
/// - **Cancellation** is by thread interruption. An operation that notices it throws
///   `provider.interrupted` and leaves the thread's interrupt flag set. What it had done by then
///   stays, as after a crash: asking again under the same token finishes it.
/// - **Failure** is a [dev.formwork.model.ProblemException] with a code of [ProviderCode], or one
///   of the provider's own. No failure says that nothing happened: only asking again does.
public interface Capability {}
