using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Alerts.Engine;

[JsonConverter(typeof(KebabCaseEnumConverter<Phase>))]
public enum Phase { Inactive, Pending, Firing }

/// <summary>Where one rule stands on one relationship: all that the engine has to know of the past besides the record. It is kept as JSON.</summary>
/// <param name="Episodes">How many have opened so far.</param>
/// <param name="Since">Since when it is pending; if it is inactive, since when what time began waits for the end of the quiet.</param>
/// <param name="CeasedAt">When the condition of the open episode ceased to hold; null while it holds.</param>
/// <param name="QuietUntil">No other episode opens before.</param>
/// <param name="Severity">Of the open episode.</param>
/// <param name="Held">Numbers of the conditions that held at the last look.</param>
/// <param name="Earlier">When the first condition of a sequence last held, by the number of the sequence.</param>
/// <param name="Past">Episodes that can be recalled, the open one last; see <see cref="Machine.MostPast"/>.</param>
/// <param name="Due">When it has to be looked at next, if nothing is recorded before.</param>
/// <param name="EarlierBy">The incident whose fact that was, by the same numbers.</param>
public sealed record MachineState(
    Phase Phase,
    int Episodes,
    DateTimeOffset? Since,
    DateTimeOffset? CeasedAt,
    DateTimeOffset? QuietUntil,
    Severity Severity,
    [property: KeepEmpty] IReadOnlyList<int> Held,
    [property: KeepEmpty] IReadOnlyDictionary<int, DateTimeOffset> Earlier,
    [property: KeepEmpty] IReadOnlyList<Episode> Past,
    DateTimeOffset? Due,
    IReadOnlyDictionary<int, Guid>? EarlierBy = null)
{
    public static readonly MachineState Inactive = new(Phase.Inactive, 0, null, null, null, Severity.Info, [], new Dictionary<int, DateTimeOffset>(), [], null);

    /// <summary>Whether there is nothing to keep.</summary>
    [JsonIgnore]
    public bool IsInitial => this is { Phase: Phase.Inactive, Episodes: 0, Held.Count: 0, Earlier.Count: 0, Due: null };
}

/// <summary>An episode, as far as it takes to recall it. For the rest see <see cref="Receipt"/>.</summary>
/// <param name="Version">Of the rule.</param>
/// <param name="Severity">That it has now.</param>
/// <param name="Method">Id of the method.</param>
/// <param name="Known">The last position of which it counts as known then: K, or that of a later merge or split, since what is known then may go on under another id.</param>
/// <param name="Causes">Streams of the incidents that it rests on.</param>
/// <param name="Raises">The rises of its severity that have not been undone.</param>
public sealed record Episode(
    string Alert,
    int Version,
    Severity Severity,
    string Method,
    DateTimeOffset At,
    [property: JsonPropertyName("position")] long Known,
    Guid? Trigger,
    IReadOnlyList<int>? Held,
    IReadOnlyDictionary<int, DateTimeOffset>? Earlier,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Values,
    [property: KeepEmpty] IReadOnlyList<Guid> Causes,
    IReadOnlyList<RaisedTo>? Raises = null) : IGrounds
{
    public IReadOnlyList<RaisedTo> Raises { get; init; } = Raises ?? [];

    public static Episode Of(string alert, int version, Severity severity, Receipt receipt) => new(
        alert,
        version,
        severity,
        receipt.Method,
        receipt.At,
        receipt.Position,
        receipt.Trigger,
        receipt.Held,
        receipt.Earlier,
        receipt.Values,
        [.. receipt.Causes.Select(c => c.Stream)]);
}

/// <summary>A rise of an episode's severity.</summary>
/// <param name="Causes">Streams of the incidents that it rests on.</param>
public sealed record RaisedTo(
    Severity To,
    DateTimeOffset At,
    long Known,
    Guid? Trigger,
    IReadOnlyDictionary<int, DateTimeOffset>? Earlier,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Values,
    [property: KeepEmpty] IReadOnlyList<Guid> Causes) : IGrounds
{
    [JsonIgnore]
    public IReadOnlyList<int>? Held => null;

    public static RaisedTo Of(Severity to, Receipt receipt) =>
        new(to, receipt.At, receipt.Position, receipt.Trigger, receipt.Earlier, receipt.Values, [.. receipt.Causes.Select(c => c.Stream)]);
}

/// <summary>What it takes to ask of a firing, or of a rise, whether it would come about again.</summary>
public interface IGrounds
{
    DateTimeOffset At { get; }

    long Known { get; }

    Guid? Trigger { get; }

    IReadOnlyList<int>? Held { get; }

    IReadOnlyDictionary<int, DateTimeOffset>? Earlier { get; }

    IReadOnlyDictionary<string, double> Values { get; }
}
