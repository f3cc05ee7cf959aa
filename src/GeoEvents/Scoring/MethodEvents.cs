using GeoEvents.Coding;

namespace GeoEvents.Scoring;

/// <summary>A fact about how a workspace scores. No fact of an incident is touched by it.</summary>
public abstract record MethodEvent;

/// <summary>A new version of the method can be asked for. It does not count as current yet.</summary>
/// <param name="BasedOn">The version that it was made from.</param>
/// <param name="Document">The whole of it, so that it answers the same whatever becomes of others.</param>
public sealed record MethodPublished(string Method, string BasedOn, MethodDocument Document, string Reason) : MethodEvent;

/// <summary>From now on a read that asks for no method is answered by this one.</summary>
/// <param name="Before">The version that was current until then.</param>
public sealed record MethodAdopted(string Method, string Before, string Reason) : MethodEvent;
