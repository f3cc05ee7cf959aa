using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Scoring;

/// <summary>A version of the method in a workspace.</summary>
/// <param name="Shipped">Whether it came with the service; then nobody published it.</param>
public sealed record MethodVersion(Method Method, bool Shipped, string? BasedOn = null, string? Reason = null);

/// <summary>The versions of the method that a workspace has, and which of them is current.</summary>
/// <param name="Version">How many facts there are on it; the ETag.</param>
public sealed record MethodBook(long Version, ImmutableArray<MethodVersion> Versions, Method Current)
{
    /// <summary>What every workspace begins with.</summary>
    public static readonly MethodBook Beginning = new(0, [new MethodVersion(Methods.Shipped, Shipped: true)], Methods.Shipped);

    public Method? Find(string id) => Versions.FirstOrDefault(v => v.Method.Id == id)?.Method;

    /// <exception cref="RefusedException">There is none of that name (404).</exception>
    public Method Named(string id) => Find(id) ?? throw RefusedException.NotFound("method", id);

    public MethodBook After(MethodEvent fact) => fact switch
    {
        MethodPublished e => this with
        {
            Version = Version + 1,
            Versions = Versions.Add(new MethodVersion(new Method(e.Document), Shipped: false, e.BasedOn, e.Reason)),
        },
        MethodAdopted e => this with { Version = Version + 1, Current = Named(e.Method) },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not a fact about methods."),
    };

    /// <returns>Nothing when a version of that name and content is there already.</returns>
    /// <exception cref="RefusedException">There is one of that name with other content.</exception>
    public IEnumerable<MethodEvent> Publish(MethodDocument document, string basedOn, string reason) => Find(document.Method) switch
    {
        null => [new MethodPublished(document.Method, basedOn, document, reason)],
        var known when MethodRules.SameContent(known.Document, document) => [],
        _ => throw new RefusedException(
            "method-exists",
            $"Method '{document.Method}' is there with other content. A version never changes; choose another name.",
            problems: [FieldProblem.At("/id", "method-exists", "There with other content.")]),
    };

    /// <returns>Nothing when it is current already.</returns>
    public IEnumerable<MethodEvent> Adopt(string id, string reason) => Named(id) == Current ? [] : [new MethodAdopted(id, Current.Id, reason)];
}
