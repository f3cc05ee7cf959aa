using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Relationships.Robustness;

/// <summary>What a relationship would be if somebody had never said anything.</summary>
/// <param name="Name">Of the source, the independence group, or the actor whose media are meant.</param>
/// <param name="TensionWithout">Tension, 0 to 100, without their reports.</param>
/// <param name="Dependence"><c>(tension − tensionWithout)/tension</c>; 1 at most, below 0 where they rather deny; 0 without tension.</param>
/// <param name="RungWithout">Computed posture, 0 to 9, without their reports.</param>
/// <param name="Incidents">How many incidents have a report of theirs, of those that still matter.</param>
public sealed record Reliance(string Name, double TensionWithout, double Dependence, int RungWithout, int Incidents);

/// <summary>Takes reports away: their incidents are as credible as the others make them, and gone where there are no others.</summary>
/// <remarks>
/// An incident that never had a report stays, and one that loses its last is gone even if an analyst set its credibility. The measure that such a one closed is
/// open again. Pure: reports come from the incidents as known at K.
/// </remarks>
public sealed class Reliances
{
    /// <summary>Share of hostility that may go unlooked at. Without a report an incident is at most 22 times as credible, so tension is right to 10⁻⁶ points.</summary>
    private const double Negligible = 1e-9;

    private const string Reason = "supposed";

    private readonly string workspace;
    private readonly Dyad dyad;
    private readonly Method method;
    private readonly DateTimeOffset t;
    private readonly IReadOnlyDictionary<Guid, Incident> incidents;
    private readonly ILookup<Guid, Impulse> impulses;
    private readonly ILookup<Guid, Closer> closersOf;
    private readonly ILookup<Guid, Closer> closings;

    /// <summary>A source and its group mostly have the same reports of an incident.</summary>
    private readonly Dictionary<(Guid Incident, string Reports), Edit> edited = [];

    /// <summary>The rung that an incident holds, of those that hold one.</summary>
    private readonly Dictionary<Guid, int> holding;

    /// <summary>How many incidents hold each rung.</summary>
    private readonly int[] holders;
    private readonly double hostility;

    /// <param name="incidents">Those of <see cref="Matter"/>, by stream, as known at K.</param>
    public Reliances(
        string workspace, Dyad dyad, RelationshipFold fold, IReadOnlyList<Closer> closers, IReadOnlyDictionary<Guid, Incident> incidents, Method method, DateTimeOffset t)
    {
        (this.workspace, this.dyad, this.method, this.t, this.incidents) = (workspace, dyad, method, t, incidents);
        impulses = fold.Impulses.Where(i => incidents.ContainsKey(i.Incident)).ToLookup(i => i.Incident);
        closersOf = closers.ToLookup(c => c.Closes);
        closings = closers.ToLookup(c => c.Incident);
        holding = impulses.Select(i => (i.Key, Rung: RungOf(i))).Where(i => i.Rung > 0).ToDictionary(i => i.Key, i => i.Rung);
        holders = new int[method.Rungs.Length];
        foreach (var rung in holding.Values)
        {
            holders[rung]++;
        }

        hostility = fold.At(t).HostilityFast;
        Sources = Sorted(r => r.Source);
        Groups = Sorted(r => r.Group);
        Sides = Sorted(r => r.Affiliation is { } actor && (actor == dyad.First || actor == dyad.Second) ? actor.ToString() : null);
    }

    /// <summary>The most depended on first.</summary>
    public IReadOnlyList<Reliance> Sources { get; }

    public IReadOnlyList<Reliance> Groups { get; }

    /// <summary>The media of each actor of the dyad.</summary>
    public IReadOnlyList<Reliance> Sides { get; }

    /// <summary>
    /// The incidents whose reports can still matter at <paramref name="t"/>: all that could hold a posture, open a measure or close one, and of the hostile ones the
    /// strongest, until those left out have together less than 10⁻⁹ of hostility.
    /// </summary>
    public static IReadOnlySet<Guid> Matter(RelationshipFold fold, IReadOnlyList<Closer> closers, Method method, DateTimeOffset t)
    {
        var matter = closers.Where(c => c.Tau <= t).Select(c => c.Incident).ToHashSet();
        var others = new List<(double Left, Guid Incident)>();
        foreach (var impulse in fold.Impulses.TakeWhile(i => i.Tau <= t))
        {
            if (impulse.Opens || (impulse.Rung > 0 && t - impulse.Tau <= TimeSpan.FromDays(method.Rungs[impulse.Rung].DwellDays)))
            {
                matter.Add(impulse.Incident);
            }
            else if (impulse.Hostile > 0)
            {
                others.Add((impulse.Hostile * impulse.Remaining(t, method.Parameters.HalfLifeFastDays), impulse.Incident));
            }
        }

        var (bound, without) = (fold.At(t).HostilityFast * Negligible, 0.0);
        matter.UnionWith(others.OrderBy(o => o.Left).SkipWhile(o => (without += o.Left) <= bound).Select(o => o.Incident));
        return matter;
    }

    private List<Reliance> Sorted(Func<Report, string?> nameOf)
    {
        var tension = RelationshipState.Saturate(hostility, method);
        var by = from stream in incidents
                 from name in stream.Value.Reports.Select(nameOf).Distinct()
                 where name is not null
                 group stream by name;
        return [.. by.Select(name => Without(name.Key, [.. name], r => nameOf(r) == name.Key, tension))
            .OrderByDescending(r => r.Dependence).ThenBy(r => r.Name, StringComparer.Ordinal)];
    }

    private Reliance Without(string name, IReadOnlyCollection<KeyValuePair<Guid, Incident>> said, Func<Report, bool> own, double tension)
    {
        var edits = said.Select(s => EditOf(s.Key, s.Value, own)).ToList();
        var touched = edits.Select(e => e.Incident).Concat(edits.SelectMany(e => closings[e.Incident]).Select(c => c.Closes)).ToHashSet();
        var on = touched.SelectMany(incident => impulses[incident]).ToList();
        var supposed = Hypothetical.Impulses(on, [.. touched.SelectMany(incident => closersOf[incident])], edits).ToList();
        var left = (int[])holders.Clone();
        foreach (var incident in touched.Where(holding.ContainsKey))
        {
            left[holding[incident]]--;
        }

        var without = RelationshipState.Saturate(Math.Max(0, hostility - Left(on) + Left(supposed)), method);
        return new Reliance(
            name,
            without,
            tension == 0 ? 0 : (tension - without) / tension,
            Math.Max(0, Math.Max(Array.FindLastIndex(left, count => count > 0), RungOf(supposed))),
            said.Count);
    }

    private Edit EditOf(Guid stream, Incident incident, Func<Report, bool> own)
    {
        var silenced = incident.Reports.Where(own).Select(r => r.Id).ToList();
        var key = (stream, string.Join(' ', silenced));
        return edited.TryGetValue(key, out var known) ? known : edited[key] = Edit.Of(workspace, dyad, stream, Without(incident, silenced), method, closes => MeantBy(stream, closes));
    }

    /// <summary>What is left of an incident closes what it closed.</summary>
    private Guid MeantBy(Guid stream, Guid closes) => closings[stream].Select(c => c.Closes).DefaultIfEmpty(closes).First();

    /// <returns>Null if it has no other report.</returns>
    private static Incident? Without(Incident incident, List<string> reports) => reports.Count == incident.Reports.Count
        ? null
        : reports.Aggregate(incident, (state, id) => Incident.After(state, new ReportWithdrawn(id, Reason, []), state.RecordedAt, state.Position));

    /// <summary>The rung that some impulses hold at t, whatever others do.</summary>
    private int RungOf(IEnumerable<Impulse> of) => of.Where(i => i.Qualifies).ToList() is { Count: > 0 } qualifying
        ? new Posture(ImpulseList.Of(qualifying), method).RungAt(t)
        : 0;

    private double Left(IEnumerable<Impulse> of) => of.Sum(i => i.Hostile * i.Remaining(t, method.Parameters.HalfLifeFastDays));
}
