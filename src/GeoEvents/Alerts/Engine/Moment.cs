using GeoEvents.Alerts.Rules;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>One evaluation of a rule's conditions: what they look at, what they remember, and what they leave.</summary>
/// <param name="watch">The relationship at the instant.</param>
/// <param name="trigger">The fact that is evaluated; null if only time has passed.</param>
/// <param name="filter">The rule's.</param>
/// <param name="enabledAt">When the rule was enabled.</param>
/// <param name="held">Numbers of the conditions that held before, of a rule that is pending or firing; null of one that is inactive, where none did.</param>
/// <param name="earlier">When the first condition of a sequence last held, by the number of the sequence.</param>
/// <param name="evidence">Collects what a receipt says; null if nobody asks.</param>
/// <param name="from">Number of the first condition.</param>
/// <param name="earlierBy">The incident whose fact that was; null if nobody asks.</param>
public sealed class Moment(
    DyadWatch watch,
    Trigger? trigger,
    RuleFilter? filter,
    DateTimeOffset enabledAt,
    IReadOnlySet<int>? held,
    IReadOnlyDictionary<int, DateTimeOffset> earlier,
    Evidence? evidence = null,
    int from = 0,
    IReadOnlyDictionary<int, Guid>? earlierBy = null)
{
    /// <summary>c, ℓ and severities are kept to about seven digits.</summary>
    private const double Rounding = 1e-6;

    private int next = from;

    public DyadWatch Watch { get; } = watch;

    public Trigger? Trigger { get; } = trigger;

    public DateTimeOffset Now => Watch.Now;

    public RunningFold Fold => Watch.Fold;

    public DateTimeOffset EnabledAt { get; } = enabledAt;

    public IReadOnlyDictionary<int, DateTimeOffset> Earlier { get; } = earlier;

    public Evidence? Evidence { get; } = evidence;

    /// <summary>Whether what is asked is an open episode, in which conditions that hold go on, and end rather than begin.</summary>
    public bool Latches => held is not null;

    /// <summary>Whether the condition that is asked stands under <c>not</c>, where a level has no milder bound.</summary>
    public bool IsDenied { get; set; }

    /// <summary>Numbers of the conditions that hold.</summary>
    public HashSet<int> Holding { get; } = [];

    /// <summary>Numbers of the sequences whose first condition holds.</summary>
    public List<int> Begun { get; } = [];

    /// <summary>The first instant after this one at which a condition may come to be otherwise, if nothing more is recorded; null: none will.</summary>
    public DateTimeOffset? MayChange { get; private set; }

    /// <summary>The number of the next condition, counted from 0 through the rule, each before those within it.</summary>
    public int Number() => next++;

    /// <summary>Whether what is evaluated is of the incident that began a sequence: one that is corrected, or reinstated, does not follow itself.</summary>
    public bool BeganItself(int number) => Trigger is { } fact && earlierBy?.GetValueOrDefault(number) == fact.Incident;

    public bool HeldBefore(int number) => held?.Contains(number) == true;

    public void ChangesAt(DateTimeOffset? at)
    {
        if (at is { } instant && instant < DateTimeOffset.MaxValue)
        {
            // What changes now has changed; what follows comes after it.
            var after = instant > Now ? Instants.Up(instant) : Instants.After(Now);
            MayChange = MayChange <= after ? MayChange : after;
        }
    }

    /// <summary>Whether a link is of those that the rule's filter lets pass.</summary>
    public bool Passes(in Impulse link) => Passes(filter, link);

    public static bool Passes(RuleFilter? filter, in Impulse link) =>
        filter is null
        || ((filter.Types.Count == 0 || filter.Types.Contains(link.Code))
            && link.Credibility >= (filter.MinCredibility ?? 0) - Rounding
            && link.Attribution >= (filter.MinAttribution ?? 0) - Rounding);
}

/// <summary>What an alert rests on, as far as conditions say.</summary>
public sealed class Evidence
{
    private readonly SortedDictionary<string, double> values = new(StringComparer.Ordinal);
    private readonly List<Guid> incidents = [];

    public IReadOnlyDictionary<string, double> Values => values;

    /// <summary>Incidents that conditions name, in the order named.</summary>
    public IReadOnlyList<Guid> Incidents => incidents;

    /// <param name="of">The condition, as in <c>rate-of-change</c>.</param>
    /// <param name="number">Its number; the second of a kind in a rule is told from the first by it.</param>
    public void Add(string of, int number, string name, double value)
    {
        var key = $"{of}.{name}";
        values[values.ContainsKey(key) ? $"{of}#{number}.{name}" : key] = value;
    }

    public void Add(string name, double value) => values[name] = value;

    public void Add(Guid incident)
    {
        if (!incidents.Contains(incident))
        {
            incidents.Add(incident);
        }
    }
}
