using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Alerts;

/// <summary>Keeps alerts from going out for a time. They fire and are on record all the same.</summary>
/// <param name="Id">Names it within its workspace.</param>
/// <param name="Dyads">Of these relationships; empty: of all.</param>
/// <param name="Rules">By these rules; empty: by all.</param>
/// <param name="From">From then on.</param>
/// <param name="Until">Up to then, this instant excluded.</param>
public sealed record Silence(string Id, [property: KeepEmpty] IReadOnlyList<Dyad> Dyads, [property: KeepEmpty] IReadOnlyList<string> Rules, DateTimeOffset From, DateTimeOffset Until, string Reason)
{
    public bool Covers(string rule, Dyad dyad, DateTimeOffset at) =>
        From <= at && at < Until && (Dyads.Count == 0 || Dyads.Contains(dyad)) && (Rules.Count == 0 || Rules.Contains(rule));
}

/// <summary>A fact in the stream of one silence.</summary>
public abstract record SilenceEvent;

public sealed record SilenceSet(Silence Silence) : SilenceEvent;

/// <summary>It ends before its time.</summary>
public sealed record SilenceLifted(string Id, string Reason) : SilenceEvent;
