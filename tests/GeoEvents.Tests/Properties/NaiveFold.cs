using System.Collections.Concurrent;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Properties;

/// <summary>An incident as a reader with pencil and paper would keep it: what is held true of it now.</summary>
internal sealed record NaiveIncident(
    string Id, IncidentContent Content, DateTimeOffset Tau, IReadOnlyList<Report> Reports, double? Set, bool Retracted, string? MergedInto, bool Gone)
{
    public bool Counts => !Retracted && MergedInto is null && !Gone;
}

/// <summary>DESIGN §4 and §5 read aloud: every sum over every incident, at every instant anew. Slow, and without a line of the service's own fold.</summary>
internal sealed class NaiveFold(IEnumerable<NaiveIncident> incidents, Dyad dyad)
{
    private static readonly Method Method = Methods.Shipped;

    private static readonly ConcurrentDictionary<(string? Type, string? Cameo), (double Weight, int Rung, QuadClass Quad)> Scores = [];

    private readonly Dictionary<string, string> merged = incidents.Where(i => i.MergedInto is not null).ToDictionary(i => i.Id, i => i.MergedInto!);

    private readonly List<NaiveIncident> standing = [.. incidents.Where(i => i.Counts)];

    private enum Index { Hostile, Cooperative }

    public NaiveState At(DateTimeOffset t)
    {
        var counted = standing.Where(i => i.Tau <= t && i.Content.Links.Any(l => l.Dyad == dyad)).ToList();
        var (fast, slow) = (Sum(t, 14, Index.Hostile), Sum(t, 180, Index.Hostile));
        var (first, second) = (Sum(t, 14, Index.Hostile, l => l.Actor == dyad.First), Sum(t, 14, Index.Hostile, l => l.Actor == dyad.Second));
        var earliest = counted.Count == 0 ? (DateTimeOffset?)null : counted.Min(i => i.Tau);
        return new NaiveState(
            fast,
            slow,
            Sum(t, 14, Index.Cooperative),
            Sum(t, 180, Index.Cooperative),
            Tension(t),
            100 * (1 - Math.Exp(-Sum(t, 14, Index.Cooperative) / 20)),
            fast == 0 ? 0 : (first - second) / (first + second),
            ((fast * Math.Log(2) / 14) + 0.02) / ((slow * Math.Log(2) / 180) + 0.02),
            fast == 0 ? 0 : Sum(t, 14, Index.Hostile, among: i => ScoreOf(i.Content).Quad == QuadClass.MaterialConflict) / fast,
            Rung(t),
            Tension(t) - Tension(t.AddDays(-7)),
            counted.Count,
            earliest,
            counted.Count == 0 ? null : counted.Max(i => i.Tau),
            counted.Count >= 10 && t - earliest >= TimeSpan.FromDays(180));
    }

    public double Tension(DateTimeOffset t) => 100 * (1 - Math.Exp(-Sum(t, 14, Index.Hostile) / 20));

    /// <summary>Incidents whose measure is in force.</summary>
    public IEnumerable<string> Measures(DateTimeOffset t) => standing
        .Where(i => i.Content.Links.Any(l => l.Dyad == dyad) && i.Tau <= t && i.Content.Measure?.Opens == true && !(Closed(i) <= t))
        .Select(i => i.Id);

    public int Rung(DateTimeOffset t) => standing.SelectMany(i => Held(i, t)).DefaultIfEmpty(0).Max();

    private IEnumerable<int> Held(NaiveIncident i, DateTimeOffset t)
    {
        var rung = ScoreOf(i.Content).Rung;
        var qualifies = CredibilityOf(i) >= 0.6 - 1e-9
            && i.Content.Links.Any(l => l.Dyad == dyad && l.Attribution >= 0.5)
            && (rung < 6 || i.Content.Intent == Intent.Deliberate);
        if (!qualifies || i.Tau > t)
        {
            yield break;
        }

        var dwell = TimeSpan.FromDays(Method.Rungs[rung].DwellDays);
        var inDwell = t <= i.Tau + dwell;
        var opens = i.Content.Measure?.Opens == true;
        var open = opens && !(Closed(i) <= t);
        if (inDwell || (opens && rung >= 5 && (open || t <= Closed(i) + dwell)))
        {
            yield return rung;
        }
        else if (open)
        {
            yield return 3;
        }
    }

    private double Sum(DateTimeOffset t, double halfLife, Index index, Func<Link, bool>? of = null, Func<NaiveIncident, bool>? among = null) =>
        (from i in standing
         where i.Tau <= t && (among is null || among(i))
         from l in i.Content.Links
         where l.Dyad == dyad && (of is null || of(l))
         let impulse = Impulse(i, l, index)
         where impulse > 0
         select impulse * Left(i, t, halfLife)).Sum();

    private static double Impulse(NaiveIncident i, Link link, Index index)
    {
        var g = ScoreOf(i.Content).Weight;
        var m = Math.Min(2, 1 + (0.25 * Math.Log10(1 + People(i.Content.Deaths))) + (0.1 * Math.Log10(1 + People(i.Content.Injured) + People(i.Content.Detained))));
        return Math.Max(0, index == Index.Hostile ? -g : g) * CredibilityOf(i) * link.Attribution * m;
    }

    private static double People(Estimate? estimate) => estimate?.Best ?? 0;

    /// <summary>φ over its impulse.</summary>
    private double Left(NaiveIncident i, DateTimeOffset t, double halfLife)
    {
        if (i.Content.Measure?.Opens != true)
        {
            return Half(i.Tau, t, halfLife);
        }

        var floor = ScoreOf(i.Content).Rung switch { >= 8 => 0.8, >= 6 => 0.6, _ => 0.4 };
        var closed = Closed(i);
        if (closed is null || closed > t)
        {
            return Math.Max(Half(i.Tau, t, halfLife), floor);
        }

        // A measure that was closed before it began was never in force.
        return closed <= i.Tau ? Half(i.Tau, t, halfLife) : Math.Max(Half(i.Tau, closed.Value, halfLife), floor) * Half(closed.Value, t, halfLife);
    }

    private DateTimeOffset? Closed(NaiveIncident opener)
    {
        var closed = standing.Where(i => i.Content.Measure?.Closes is { } closes && Meant(closes) == opener.Id).Min(i => (DateTimeOffset?)i.Tau);
        return closed < opener.Tau ? opener.Tau : closed;
    }

    private string Meant(string id) => merged.TryGetValue(id, out var into) ? Meant(into) : id;

    private static double Half(DateTimeOffset from, DateTimeOffset to, double halfLife) => Math.Exp(-Math.Log(2) * ((to - from).TotalSeconds / 86_400) / halfLife);

    private static (double Weight, int Rung, QuadClass Quad) ScoreOf(IncidentContent content) =>
        Scores.GetOrAdd((content.Type, content.Cameo), key => LookUp(key.Type, key.Cameo));

    private static (double Weight, int Rung, QuadClass Quad) LookUp(string? type, string? cameo)
    {
        if (type is not null)
        {
            var known = Method.Types.Single(t => t.Type == type);
            return (known.Weight, known.Rung, known.Quad);
        }

        var nearest = Method.Types
            .SelectMany(t => t.Cameo.Select(prefix => (Prefix: prefix, Type: t)))
            .Where(p => cameo!.StartsWith(p.Prefix, StringComparison.Ordinal))
            .MaxBy(p => p.Prefix.Length).Type;
        return (Cameo.Goldstein(cameo!)!.Value, nearest.Rung, nearest.Quad);
    }

    private static double CredibilityOf(NaiveIncident i)
    {
        if (i.Set is { } set)
        {
            return set;
        }

        var graded = i.Reports.Where(r => r.Credibility is not null).ToList();
        if (graded.Count == 0)
        {
            return 0.5;
        }

        var odds = 0.0;
        foreach (var stance in new[] { Stance.Supports, Stance.Denies })
        {
            foreach (var group in graded.Where(r => r.Stance == stance).GroupBy(r => r.Group))
            {
                var p = group.Max(r => 0.5 + ((Grade(r.Credibility!.Value) - 0.5) * Trust(r.Reliability)));
                odds += (stance == Stance.Supports ? 1 : -1) * Math.Log(p / (1 - p));
            }
        }

        return 1 / (1 + Math.Exp(-Math.Clamp(odds, -3, 3)));

        static double Grade(int grade) => grade switch { 1 => .90, 2 => .70, 3 => .50, 4 => .30, 5 => .10, _ => .5 };

        static double Trust(Reliability reliability) => reliability switch
        {
            Reliability.A => 1,
            Reliability.B => .85,
            Reliability.C => .65,
            Reliability.D => .40,
            Reliability.E => .15,
            _ => .50,
        };
    }
}

internal sealed record NaiveState(
    double HostilityFast,
    double HostilitySlow,
    double CooperationFast,
    double CooperationSlow,
    double Tension,
    double Warmth,
    double Asymmetry,
    double Pressure,
    double MaterialShare,
    int Rung,
    double Rise,
    int Incidents,
    DateTimeOffset? FirstIncident,
    DateTimeOffset? LastIncident,
    bool BaselineSuffices);
