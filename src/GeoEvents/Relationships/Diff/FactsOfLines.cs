using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Diff;

/// <summary>What the log says of some lines of a belief diff: names of their incidents, and the facts behind them.</summary>
public sealed class FactsOfLines
{
    private readonly Method method;
    private readonly Dictionary<Guid, Incident> named = [];
    private readonly Dictionary<long, (LogEntry Entry, Incident? Before, Incident? After)> facts = [];

    /// <param name="log">All facts of the incidents and closers of the lines, in order, up to the later position.</param>
    /// <param name="others">Facts of lines that are of none of these: a merge moves what closes a measure, and is a fact of a third incident.</param>
    /// <param name="known">The position whose titles are shown; what came on record after it has its title of the other.</param>
    /// <param name="method">For the credibility of what no report grades.</param>
    public FactsOfLines(IReadOnlyCollection<DiffLine> lines, IEnumerable<LogEntry> log, IEnumerable<LogEntry> others, long known, Method method)
    {
        this.method = method;
        var wanted = Positions(lines).ToHashSet();
        var states = new Dictionary<Guid, Incident>();
        foreach (var entry in log)
        {
            var before = states.GetValueOrDefault(entry.Stream);
            var after = states[entry.Stream] = Incident.After(before, (IncidentEvent)entry.Fact, entry.RecordedAt, entry.Position);
            if (wanted.Contains(entry.Position))
            {
                facts[entry.Position] = (entry, before, after);
            }

            if (entry.Position <= known || before is null || named[entry.Stream].Position > known)
            {
                named[entry.Stream] = after;
            }
        }

        foreach (var entry in others)
        {
            facts.TryAdd(entry.Position, (entry, null, null));
        }
    }

    /// <summary>The positions of the facts that lines are.</summary>
    public static IEnumerable<long> Positions(IEnumerable<DiffLine> lines) => lines.Select(l => l.Position).OfType<long>();

    /// <summary>The streams that lines are of: their incidents, and what closes them.</summary>
    public static IReadOnlyCollection<Guid> Streams(IEnumerable<DiffLine> lines) =>
        [.. lines.SelectMany(l => new[] { l.Incident, l.Closer }).OfType<Guid>().Distinct()];

    public DiffLineView View(DiffLine line)
    {
        var content = line.Incident is { } id ? named[id].Content : null;
        return new DiffLineView(
            line.Leg,
            line.Cause,
            content?.Id,
            content?.Title,
            content?.Occurred,
            content is null ? line.Incidents : null,
            line.Closer is { } closer ? named[closer].Content.Id : null,
            line.Effect.HostilityFast,
            line.Effect.CooperationFast,
            line.Effect.Tension,
            line.Position is null ? null : FactOf(line));
    }

    private DiffFact FactOf(DiffLine line)
    {
        var (entry, before, after) = facts[line.Position!.Value];
        var fact = new DiffFact(entry.Position, entry.RecordedAt, entry.User, FactTypes.NameOf(entry.Fact));
        return line.Leg != Leg.Known ? fact : entry.Fact switch
        {
            IncidentCorrected e => fact with { Changes = e.Changes, Reason = e.Reason },
            IncidentRetracted e => fact with { Reason = e.Reason },
            IncidentReinstated e => fact with { Reason = e.Reason },
            IncidentMerged e => fact with { Reason = e.Reason, Others = [e.Into] },
            IncidentUnmerged e => fact with { Reason = e.Reason, Others = [e.From] },
            IncidentAbsorbed e => fact with { Reason = e.Reason, Others = [e.From], Credibility = MovedBetween(before, after) },
            IncidentReleased e => fact with { Reason = e.Reason, Others = [e.To], Credibility = MovedBetween(before, after) },
            IncidentSplit e => fact with { Reason = e.Reason, Others = e.Parts },
            IncidentUnsplit e => fact with { Reason = e.Reason, Others = e.Parts },
            IncidentDissolved e => fact with { Reason = e.Reason, Others = [e.Into] },
            ReportAttached e => fact with { Attached = e.Report, Credibility = MovedBetween(before, after) },
            ReportWithdrawn e => fact with { Withdrawn = before?.Reports.FirstOrDefault(r => r.Id == e.ReportId), Reason = e.Reason, Credibility = MovedBetween(before, after) },
            IncidentGraded e => fact with { Reason = e.Reason, Credibility = MovedBetween(before, after) },
            ReportsRegraded e => fact with { Regrades = e.Regrades, Reason = e.Reason, Credibility = MovedBetween(before, after) },
            _ => fact,
        };
    }

    private Moved? MovedBetween(Incident? before, Incident? after) =>
        before is not null && after is not null && CredibilityOf(before) != CredibilityOf(after) ? new Moved(CredibilityOf(before), CredibilityOf(after)) : null;

    private double CredibilityOf(Incident incident) => incident.EffectiveCredibility ?? method.UngradedCredibility(incident.CountedSources);
}
