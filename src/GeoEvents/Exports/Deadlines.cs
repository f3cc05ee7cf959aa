using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>Something that ends or falls due at a moment to come.</summary>
/// <param name="Kind">What it is of, as a lower-case word: <c>assessment</c>, <c>step</c>.</param>
/// <param name="Id">Names it among its kind and workspace.</param>
/// <param name="Due">When; of a whole day, any instant of it in UTC.</param>
/// <param name="RecordedAt">When it was recorded as it is.</param>
/// <param name="Description">More about it; null for nothing.</param>
/// <param name="Path">Its address below the workspace; null if it has none.</param>
public sealed record Deadline(
    string Kind, string Id, string Title, DateTimeOffset Due, bool WholeDay, DateTimeOffset RecordedAt, Dyad? Dyad = null, string? Description = null, string? Path = null);

/// <summary>Knows deadlines of one kind.</summary>
public interface IDeadlineSource
{
    /// <summary>All of a workspace as known at K, or of one of its dyads, whether they are past or not.</summary>
    Task<IReadOnlyList<Deadline>> Read(string workspace, AsOf asOf, Dyad? dyad, CancellationToken cancel);
}
