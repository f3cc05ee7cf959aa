using System.Collections.Immutable;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Alerts;

/// <summary>An incident between AZE and RUS.</summary>
/// <param name="Day">When it happened, in days from the beginning of the scene.</param>
/// <param name="Forward">Whether AZE acted.</param>
internal sealed record Deed(
    string Id,
    double Day,
    string Type,
    bool Forward = true,
    double Credibility = 1,
    double Attribution = 1,
    long Deaths = 0,
    bool Opens = false,
    string? Closes = null,
    string? RespondsTo = null,
    bool Deliberate = true);

/// <summary>One relationship, recorded by hand before rules that watch from its beginning; times are days from there.</summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dyad Dyad = Dyad.Parse("AZE-RUS");

    private readonly List<(long Position, DateTimeOffset At)> recorded = [];
    private readonly DyadEngine engine;

    public Scene(params AlertRule[] rules)
    {
        engine = new DyadEngine(
            new DyadWatch(Dyad, Methods.Shipped), (id, version) => rules.First(r => r.Id == id), t => recorded.LastOrDefault(r => r.At < t).Position);
        foreach (var rule in rules)
        {
            Events.AddRange(engine.Enable(new WatchedRule(1, rule, Start), Start, 0));
        }
    }

    public List<AlertEvent> Events { get; } = [];

    /// <summary>When alerts fired, in days.</summary>
    public IEnumerable<double> Fired => DaysOf<AlertFired>();

    /// <summary>When they were resolved, in days.</summary>
    public IEnumerable<double> Ended => DaysOf<AlertResolved>();

    public static AlertRule Rule(Condition when) => new() { Id = "r", Title = "r", Scope = new RuleScope { All = true }, When = when, MaxAgeHours = 720 };

    public static DateTimeOffset At(double day) => Start + TimeSpan.FromDays(day);

    /// <summary>The tension that so much hostility makes.</summary>
    public static double Tension(double hostility) => 100 * (1 - Math.Exp(-hostility / 20));

    /// <summary>Puts an incident on record, or another revision of it.</summary>
    /// <param name="day">When it is recorded; null: as it happens.</param>
    public Scene Log(Deed deed, double? day = null, ChangeClass change = ChangeClass.Live)
    {
        var closes = deed.Closes is { } measure ? new Closer(StreamOf(deed.Id), StreamOf(measure), At(deed.Day)) : null;
        return Take(deed.Id, LinksOf(deed), closes, day ?? deed.Day, change);
    }

    /// <summary>Puts an incident on record with a grade, by two facts of one time.</summary>
    public Scene LogGraded(Deed deed, double credibility)
    {
        Take(deed.Id, LinksOf(deed), null, deed.Day, ChangeClass.Live, isComplete: false);
        return Take(deed.Id, LinksOf(deed with { Credibility = credibility }), null, deed.Day, ChangeClass.Correction);
    }

    public Scene Correct(Deed deed, double day) => Log(deed, day, ChangeClass.Correction);

    public Scene Retract(string id, double day) => Take(id, [], null, day, ChangeClass.Retraction);

    /// <summary>It is merged into another, which is on record.</summary>
    public Scene Merge(string id, double day) => Take(id, [], null, day, ChangeClass.Merge);

    /// <summary>It is split into others, by facts of one time.</summary>
    public Scene Split(string id, double day, params Deed[] parts)
    {
        foreach (var part in parts)
        {
            Take(part.Id, LinksOf(part), null, day, ChangeClass.Split, isComplete: false);
        }

        return Take(id, [], null, day, ChangeClass.Split);
    }

    public Scene Check(double day)
    {
        recorded.Add((recorded.Count + 1, At(day)));
        Events.AddRange(engine.TakeCheck(At(day), recorded.Count));
        return this;
    }

    /// <summary>From here on a second version of the rule watches, which says the same.</summary>
    public Scene EnableAgain(AlertRule rule, double day)
    {
        Events.AddRange(engine.Enable(new WatchedRule(2, rule, At(day)), At(day), recorded.Count));
        return this;
    }

    public Scene Disable(double day)
    {
        Events.AddRange(engine.Disable("r", At(day), recorded.Count));
        return this;
    }

    public Scene PassTo(double day)
    {
        Events.AddRange(engine.AdvanceTo(At(day)));
        return this;
    }

    /// <summary>Ten accusations, one every twenty days: enough for a baseline on day 180.</summary>
    public Scene WithBaseline()
    {
        for (var i = 0; i < 10; i++)
        {
            Log(new Deed($"base{i}", 20 * i, "criticism"));
        }

        return this;
    }

    private static ImmutableArray<Impulse> LinksOf(Deed deed) =>
    [
        Impulse.Of(
            new LedgerEntry(
                StreamOf(deed.Id), 0, deed.Forward, deed.Attribution, At(deed.Day), deed.Type, null, deed.Credibility, deed.Deaths, 0, deed.Deliberate, deed.Opens, null)
            {
                RespondsTo = deed.RespondsTo is { } answered ? StreamOf(answered) : null,
            },
            Methods.Shipped),
    ];

    private Scene Take(string id, ImmutableArray<Impulse> links, Closer? closes, double day, ChangeClass change, bool isComplete = true)
    {
        recorded.Add((recorded.Count + 1, At(day)));
        var turn = new PlaybackTurn(recorded.Count, StreamOf(id), links, closes, null, Touches: true);
        Events.AddRange(engine.Take(turn, recorded.Count, change, At(day), isComplete));
        return this;
    }

    private IEnumerable<double> DaysOf<T>() where T : AlertEvent => Events.OfType<T>().Select(e => (AlertNaming.At(e) - Start).TotalDays);

    public static Guid StreamOf(string id) => StreamKey.Incident(id).In("main");
}
