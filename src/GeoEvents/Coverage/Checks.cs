using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GeoEvents.Coding;

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

/// <summary>One check.</summary>
public sealed record Check(RelationshipChecked Fact, DateTimeOffset MadeAt);

/// <summary>All checks of one relationship, in the order in which they were made.</summary>
/// <param name="Version">How many facts the stream holds; the ETag.</param>
public sealed record Checks(long Version, Dyad Dyad, ImmutableList<Check> All)
{
    public static Checks None(Dyad dyad) => new(0, dyad, []);

    public static Checks After(Checks? before, CheckEvent fact, DateTimeOffset recordedAt) => fact switch
    {
        RelationshipChecked e => new Checks((before?.Version ?? 0) + 1, e.Dyad, (before?.All ?? []).Add(new Check(e, recordedAt))),
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not a fact of checks."),
    };

    /// <summary>Whether a time that was searched had begun at V.</summary>
    public bool AnyAt(DateTimeOffset valid) => All.Exists(c => c.Fact.From <= valid);

    /// <summary>The check that searched furthest, of those whose time had begun at V; null without any.</summary>
    public Check? LastAt(DateTimeOffset valid) => All.Where(c => c.Fact.From <= valid).MaxBy(c => (c.Fact.To, c.MadeAt));
}
