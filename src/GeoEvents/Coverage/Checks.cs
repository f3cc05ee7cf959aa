using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Coverage;

/// <summary>What a check found: nothing at all, or only incidents that are on record.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Found>))]
public enum Found { Nothing, KnownIncidentsOnly }

/// <summary>A fact in the stream of one relationship's checks.</summary>
public abstract record CheckEvent;

/// <summary>An analyst searched for incidents of a time and found none that are not on record.</summary>
/// <param name="Id">Numbers the check within its relationship: <c>c1</c>, <c>c2</c>, …</param>
/// <param name="From">Beginning of the time that was searched.</param>
/// <param name="To">Its end, not included.</param>
/// <param name="Searched">What was looked at.</param>
/// <param name="Author">Who looked, as the client said.</param>
public sealed record RelationshipChecked(
    Dyad Dyad, string Id, DateTimeOffset From, DateTimeOffset To, string Searched, Found Found, string? Note, string Author) : CheckEvent;

/// <summary>The check is not upheld any more: it searched another relationship, or not as it says.</summary>
public sealed record RelationshipCheckWithdrawn(Dyad Dyad, string Id, string Reason) : CheckEvent;

/// <summary>One check, as known at K.</summary>
public sealed record Check(RelationshipChecked Fact, DateTimeOffset MadeAt, DateTimeOffset? WithdrawnAt)
{
    /// <summary>Whether the time that it searched had begun at V, given that it is not withdrawn.</summary>
    public bool HoldsAt(DateTimeOffset valid) => WithdrawnAt is null && Fact.From <= valid;
}

/// <summary>All checks of one relationship, in the order in which they were made.</summary>
/// <param name="Version">How many facts the stream holds; the ETag.</param>
public sealed record Checks(long Version, Dyad Dyad, ImmutableList<Check> All)
{
    public static Checks None(Dyad dyad) => new(0, dyad, []);

    public static Checks After(Checks? before, CheckEvent fact, DateTimeOffset recordedAt) => (before, fact) switch
    {
        (_, RelationshipChecked e) => new Checks((before?.Version ?? 0) + 1, e.Dyad, (before?.All ?? []).Add(new Check(e, recordedAt, null))),
        (not null, RelationshipCheckWithdrawn e) => before with
        {
            Version = before.Version + 1,
            All = [.. before.All.Select(c => c.Fact.Id == e.Id ? c with { WithdrawnAt = recordedAt } : c)],
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow nothing."),
    };

    /// <summary>Those that show, at V, that somebody looked.</summary>
    public IEnumerable<Check> HoldingAt(DateTimeOffset valid) => All.Where(c => c.HoldsAt(valid));

    /// <summary>The check that searched furthest, of those that hold at V; null without any.</summary>
    public Check? LastAt(DateTimeOffset valid) => HoldingAt(valid).MaxBy(c => (c.Fact.To, c.MadeAt));

    /// <returns>Nothing when it is withdrawn already.</returns>
    /// <exception cref="RefusedException">There is no such check (404).</exception>
    public IEnumerable<CheckEvent> Withdraw(string id, string reason) =>
        (All.Find(c => c.Fact.Id == id) ?? throw RefusedException.NotFound("check", id)).WithdrawnAt is null
            ? [new RelationshipCheckWithdrawn(Dyad, id, reason)]
            : [];
}
