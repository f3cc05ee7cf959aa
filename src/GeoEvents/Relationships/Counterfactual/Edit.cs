using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Ledger;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>An incident as it is supposed to be, as far as one dyad is concerned.</summary>
/// <param name="Impulses">Its impulses in the dyad; none if it is supposed not to be.</param>
/// <param name="Closes">The measure that it closes, of whatever dyad; null if none.</param>
public sealed record Edit(Guid Incident, IReadOnlyList<Impulse> Impulses, Closer? Closes)
{
    /// <param name="stream">Of the incident.</param>
    /// <param name="state">As it is supposed to be; null if it is supposed not to be.</param>
    /// <param name="meant">The incident that goes on for one that is merged.</param>
    public static Edit Of(string workspace, Dyad dyad, Guid stream, Incident? state, Method method, Func<Guid, Guid> meant)
    {
        var rows = state is null or { Standing: not Standing.OnRecord } ? [] : LedgerRow.Of(workspace, stream, state, state.Position);
        return new Edit(
            stream,
            [.. rows.Where(row => row.Dyad == dyad).Select(row => Impulse.Of(EntryOf(row), method))],
            rows is [{ Closes: { } closes, Tau: var tau }, ..] ? new Closer(stream, meant(closes), tau) : null);
    }

    private static LedgerEntry EntryOf(LedgerRow row) => new(
        row.Incident,
        row.Link,
        row.Forward,
        row.Attribution,
        row.Tau,
        row.Type,
        row.Cameo,
        row.Credibility,
        row.Deaths,
        row.Harmed,
        row.Deliberate,
        row.Opens,
        ClosedAt: null,
        row.CountedSources);
}

/// <summary>A dyad's impulses if some incidents were otherwise than on record.</summary>
public static class Hypothetical
{
    /// <summary>Measures of all of them are closed by whatever is supposed to close them, and open if nothing is.</summary>
    /// <param name="real">On record.</param>
    /// <param name="closers">What closes measures on record: of the dyad's, and of those that the edits bring into it.</param>
    /// <param name="edits">One for an incident.</param>
    public static IEnumerable<Impulse> Impulses(IEnumerable<Impulse> real, IReadOnlyCollection<Closer> closers, IReadOnlyCollection<Edit> edits)
    {
        var edited = edits.Select(e => e.Incident).ToHashSet();
        var closing = closers.Where(c => !edited.Contains(c.Incident)).Concat(edits.Select(e => e.Closes).OfType<Closer>()).ToLookup(c => c.Closes);
        return real.Where(i => !edited.Contains(i.Incident))
            .Concat(edits.SelectMany(e => e.Impulses))
            .Select(i => i.Opens ? i.Closed(closing[i.Incident].Min(c => (DateTimeOffset?)c.Tau)) : i);
    }

    /// <summary>The incidents whose impulses may be others by the edits: those themselves, and those whose measures they close here or on record.</summary>
    public static IReadOnlySet<Guid> Touched(IReadOnlyCollection<Closer> closers, IReadOnlyCollection<Edit> edits)
    {
        var edited = edits.Select(e => e.Incident).ToHashSet();
        return edited
            .Concat(closers.Where(c => edited.Contains(c.Incident)).Select(c => c.Closes))
            .Concat(edits.Select(e => e.Closes?.Closes).OfType<Guid>())
            .ToHashSet();
    }
}
