using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using GeoEvents.Sources;

namespace GeoEvents.Tests.Properties;

/// <summary>One thing somebody tries to record, as numbers that <see cref="History"/> reads. What the record does not allow leaves no fact.</summary>
internal readonly record struct Step(int Kind, int Incident, int A, int B, int C, int D, int E);

/// <summary>
/// A random record: the log's facts decided by the service's own rules, the ledger they write (kept in memory, revision by revision, as the
/// service keeps it), and beside it what a reader would hold true after each position.
/// </summary>
internal sealed class History
{
    public const string Workspace = "main";

    /// <summary>Incidents in a history; few, so that steps meet.</summary>
    public const int Incidents = 12;

    public static readonly ImmutableArray<ActorCode> Actors = [.. new[] { "ARM", "AZE", "RUS", "TUR" }.Select(ActorCode.Parse)];

    public static readonly ImmutableArray<Dyad> Dyads =
        [.. from a in Actors from b in Actors where string.CompareOrdinal(a.ToString(), b.ToString()) < 0 select Dyad.Between(a, b)];

    public static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<string> Codes = [.. Cameo.All.Where(c => Methods.Shipped.TypeOfCameo(c) is not null).Order(StringComparer.Ordinal)];

    private readonly Dictionary<string, Incident> states = [];
    private readonly Dictionary<string, Source> sources = [];
    private ImmutableDictionary<string, NaiveIncident> held = ImmutableDictionary<string, NaiveIncident>.Empty;
    private DateTimeOffset now = Start;
    private bool news;

    /// <summary>What a reader holds true after each position; position 0 comes first.</summary>
    public List<ImmutableDictionary<string, NaiveIncident>> Held { get; } = [ImmutableDictionary<string, NaiveIncident>.Empty];

    public List<LedgerRow> Ledger { get; } = [];

    public List<(string Incident, IncidentEvent Fact, DateTimeOffset At)> Log { get; } = [];

    public long Head => Log.Count;

    public DateTimeOffset Now => now;

    /// <summary>Everything that can be recorded, logging most often.</summary>
    public static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Int[0, 34], Gen.Int[0, Incidents - 1], Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999],
        (kind, incident, a, b, c, d, e) => new Step(kind, incident, a, b, c, d, e));

    public static readonly Gen<Step[]> AnySteps = AnyStep.Array[1, 60];

    /// <summary>How many histories a test tries: as many as its author says, times <c>GEOEVENTS_TEST_HISTORIES</c>.</summary>
    public static int Many(int histories) =>
        histories * (int.TryParse(Environment.GetEnvironmentVariable("GEOEVENTS_TEST_HISTORIES"), out var times) ? times : 1);

    /// <summary>The same ones in every run, so that how often something occurs among them is no matter of luck.</summary>
    public static T[] AlwaysTheSame<T>(Gen<T> gen, int count)
    {
        var random = new PCG(1, 1);
        return [.. Enumerable.Range(0, count).Select(_ => gen.Generate(random, null, out var _))];
    }

    public static History Of(IEnumerable<Step> steps, TimeSpan? pace = null)
    {
        var history = new History();
        foreach (var step in steps)
        {
            history.Take(step, pace);
        }

        return history;
    }

    /// <summary>A record that grows with what happens: mostly of one relationship, most of it days old at the most when it is recorded.</summary>
    public static History OfNews(IEnumerable<Step> steps)
    {
        var history = new History { news = true };
        foreach (var step in steps)
        {
            history.Take(step, TimeSpan.FromHours(1 + (step.E % 130)));
        }

        return history;
    }

    /// <summary>For <see cref="OfNews"/>: long enough for a baseline.</summary>
    public static readonly Gen<Step[]> NewsSteps = AnyStep.Array[30, 220];

    public static string IdOf(int incident) => $"i{incident % Incidents}";

    public static Guid StreamOf(string id) => StreamKey.Incident(id).In(Workspace);

    /// <summary>Tries a step. <see cref="Log"/> grows by what was recorded, perhaps by nothing.</summary>
    /// <param name="pace">Time between steps; null is as the step says, up to thirty days.</param>
    public void Take(Step s, TimeSpan? pace = null)
    {
        now += pace ?? TimeSpan.FromMinutes(1 + (s.E * 7L * s.E % 43_200));
        var id = news ? $"n{s.Incident + (Incidents * (s.C % 9))}" : IdOf(s.Incident);
        var incident = states.GetValueOrDefault(id);
        try
        {
            switch (s.Kind)
            {
                case <= 6:
                    var content = news ? News(s, id) : Content(s, id);
                    if (incident is null && IsSound(content))
                    {
                        Record(id, [new IncidentLogged(content, [.. Drafts(s).Select((d, i) => SourceOf(d.Source).Report($"r{i + 1}", d))], Digest(content, s))]);
                    }

                    break;
                case <= 16 when incident is { Retracted: true }:
                    Record(id, incident.Reinstate("so after all"));
                    break;
                case <= 12 when incident is not null:
                    var corrected = Corrected(incident.Content, s);
                    if (IsSound(corrected))
                    {
                        Record(id, incident.Correct(corrected, "seen otherwise"));
                    }

                    break;
                case <= 14 when incident is not null:
                    Record(id, incident.Retract("not so"));
                    break;
                case <= 18 when incident is not null:
                    Record(id, incident.Attach(Drafts(s with { C = s.C | 1 })[0], SourceOf));
                    break;
                case 19 when incident is { Reports.Count: > 0 }:
                    Record(id, incident.Withdraw(incident.Reports[s.A % incident.Reports.Count].Id, "taken back"));
                    break;
                case 20 when incident is not null:
                    Record(id, incident.Grade(s.A % 4 == 0 ? null : s.B % 101 / 100.0, "judged"));
                    break;
                case 21 or 24:
                    var source = SourceOf($"s{s.A % 5}");
                    sources[source.Id] = source with { Reliability = (Reliability)(s.B % 6), Group = $"g{s.C % 3}" };
                    break;
                case 22 or 25 or 26 when incident is not null:
                    Record(id, incident.Regrade(name => sources.GetValueOrDefault(name), "graded anew"));
                    break;
                case 27 or 28 or 29 when incident is not null && states.GetValueOrDefault(IdOf(s.A)) is { } other && other != incident:
                    if (incident.MergeInto(other, "the same") is var (merged, absorbed))
                    {
                        Record(id, [merged]);
                        Record(other.Content.Id, [absorbed]);
                    }

                    break;
                case 30 or 31 when states.Values.FirstOrDefault(i => i.MergedInto is not null) is { } back:
                    var (unmerged, released) = back.Unmerge(states[back.MergedInto!], "not the same");
                    Record(back.Content.Id, [unmerged]);
                    Record(back.MergedInto!, [released]);
                    break;
                case 32 when incident is not null:
                    var parts = new[] { "a", "b" }.Select((p, i) => Content(s with { A = s.A + i, D = s.D + i }, $"{id}{p}{Log.Count}")).ToList();
                    if (parts.TrueForAll(IsSound))
                    {
                        var split = incident.Split([.. parts.Select(p => p.Id)], "two");
                        parts.ForEach(p => Record(p.Id, [new IncidentLogged(p, [.. incident.Reports.Select(r => r with { From = null })], Digest(p, s), PartOf: id)]));
                        Record(id, [split]);
                    }

                    break;
                case 33 or 34 when states.Values.FirstOrDefault(i => i.SplitInto.Count > 0) is { } whole:
                    var (unsplit, dissolved) = whole.Unsplit([.. whole.SplitInto.Select(p => states[p])], "one");
                    foreach (var (part, fact) in whole.SplitInto.Zip(dissolved))
                    {
                        Record(part, [fact]);
                    }

                    Record(whole.Content.Id, [unsplit]);
                    break;
                case 23 when incident is not null:
                    var upstream = Corrected(incident.Upstream, s);
                    if (IsSound(upstream))
                    {
                        Record(id, incident.Reconcile(upstream, Drafts(s), Digest(upstream, s), "import", SourceOf, now));
                    }

                    break;
            }
        }
        catch (Exception e) when (e is RefusedException or InvalidRequestException)
        {
            // The record does not allow it, and nothing was recorded.
        }
    }

    /// <summary>What the ledger says of a dyad at (V, K): the rows valid at K with τ up to V, each with the earliest τ that closes its measure.</summary>
    public List<LedgerEntry> Entries(Dyad dyad, DateTimeOffset valid, long known, Guid? without = null)
    {
        var rows = Ledger.Where(r => r.Position <= known && known < r.Until && !r.Retracted && r.Incident != without).ToList();
        return [.. from r in rows
                   where r.Dyad == dyad && r.Tau <= valid
                   select new LedgerEntry(
                       r.Incident, r.Link, r.Forward, r.Attribution, r.Tau, r.Type, r.Cameo, r.Credibility, r.Deaths, r.Harmed, r.Deliberate, r.Opens,
                       r.Opens ? rows.Where(c => Meant(c.Closes, known) == r.Incident).Min(c => (DateTimeOffset?)c.Tau) : null)];
    }

    public List<Closer> Closers(long known) =>
        [.. from r in Ledger
            where r.Position <= known && known < r.Until && !r.Retracted && r.Link == 0 && r.Closes is not null
            select new Closer(r.Incident, Meant(r.Closes, known)!.Value, r.Tau)];

    /// <summary>The incident that goes on for one that is merged, perhaps over several merges.</summary>
    public Guid? Meant(Guid? incident, long known) =>
        Ledger.Find(r => r.Incident == incident && r.Link == 0 && r.Position <= known && known < r.Until)?.MergedInto is { } into ? Meant(into, known) : incident;

    /// <summary>The service's own states of all incidents at a position, by id.</summary>
    public IReadOnlyDictionary<string, Incident> StatesAt(long known)
    {
        var at = new Dictionary<string, Incident>();
        foreach (var ((id, fact, when), i) in Log.Take((int)known).Select((entry, i) => (entry, i)))
        {
            at[id] = Incident.After(at.GetValueOrDefault(id), fact, when, i + 1);
        }

        return at;
    }

    /// <summary>Every source there is, as it is graded now.</summary>
    public IReadOnlyDictionary<StreamKey, object> Registry =>
        Enumerable.Range(0, 5).Select(n => SourceOf($"s{n}")).ToDictionary(s => StreamKey.Source(s.Id), s => (object)s);

    public RelationshipFold Fold(Dyad dyad, DateTimeOffset valid, long known) => new(Entries(dyad, valid, known), Methods.Shipped);

    public NaiveFold Naive(Dyad dyad, long known) => new(Held[(int)known].Values, dyad);

    /// <summary>Records facts in another order than they came, each at its own time: streams keep their order, and their mixture does not matter.</summary>
    public static History Recorded(IEnumerable<(string Incident, IncidentEvent Fact, DateTimeOffset At)> log)
    {
        var history = new History();
        foreach (var (incident, fact, at) in log)
        {
            history.now = at;
            history.Record(incident, [fact]);
        }

        return history;
    }

    private void Record(string id, IEnumerable<IncidentEvent> facts)
    {
        foreach (var fact in facts.ToList())
        {
            var position = Log.Count + 1;
            Log.Add((id, fact, now));
            var after = Incident.After(states.GetValueOrDefault(id), fact, now, position);
            states[id] = after;
            var stream = StreamOf(id);
            for (var i = 0; i < Ledger.Count; i++)
            {
                if (Ledger[i].Incident == stream && Ledger[i].Until == LedgerRow.Open)
                {
                    Ledger[i] = Ledger[i] with { Until = position };
                }
            }

            Ledger.AddRange(LedgerRow.Of(Workspace, stream, after, position));
            held = held.SetItem(id, Believed(held.GetValueOrDefault(id), id, fact, now));
            Held.Add(held);
        }
    }

    /// <summary>The reader's own bookkeeping, fact by fact.</summary>
    private static NaiveIncident Believed(NaiveIncident? before, string id, IncidentEvent fact, DateTimeOffset at)
    {
        switch (fact)
        {
            case IncidentLogged e:
                return new NaiveIncident(id, e.Content, Tau(e.Content, at), e.Reports, null, false, null, false);
            case IncidentCorrected e:
                // Written out field by field, so that the service's patching is checked too.
                var c = before!.Content;
                foreach (var change in e.Changes)
                {
                    T? New<T>() => change.New is { } value ? System.Text.Json.JsonSerializer.Deserialize<T>(value, GeoJson.Options) : default;
                    c = change.Field switch
                    {
                        "occurred" => c with { Occurred = New<string>()! },
                        "zone" => c with { Zone = New<string>() },
                        "title" => c with { Title = New<string>()! },
                        "type" => c with { Type = New<string>() },
                        "cameo" => c with { Cameo = New<string>() },
                        "links" => c with { Links = New<Link[]>() ?? [] },
                        "deaths" => c with { Deaths = New<Estimate>() },
                        "injured" => c with { Injured = New<Estimate>() },
                        "detained" => c with { Detained = New<Estimate>() },
                        "intent" => c with { Intent = New<Intent?>() },
                        "measure" => c with { Measure = New<Measure>() },
                        "issues" => c with { Issues = New<string[]>() ?? [] },
                        _ => throw new InvalidOperationException($"No step corrects '{change.Field}'."),
                    };
                }

                var redated = c.Occurred != before.Content.Occurred || c.Zone != before.Content.Zone || e.Changes.Any(x => x.Field is "occurred" or "zone");
                return before with { Content = c, Tau = redated ? Tau(c, at) : before.Tau };
            case IncidentRetracted:
                return before! with { Retracted = true };
            case IncidentReinstated:
                return before! with { Retracted = false };
            case IncidentMerged e:
                return before! with { MergedInto = e.Into };
            case IncidentUnmerged:
                return before! with { MergedInto = null };
            case IncidentAbsorbed e:
                return before! with { Reports = [.. before.Reports, .. e.Reports] };
            case IncidentReleased e:
                return before! with { Reports = [.. before.Reports.Where(r => r.From != e.To)] };
            case IncidentSplit or IncidentDissolved:
                return before! with { Gone = true };
            case IncidentUnsplit:
                return before! with { Gone = false };
            case ReportAttached e:
                return before! with { Reports = [.. before.Reports, e.Report] };
            case ReportWithdrawn e:
                return before! with { Reports = [.. before.Reports.Where(r => r.Id != e.ReportId)] };
            case IncidentGraded e:
                return before! with { Set = e.Credibility };
            case ReportsRegraded e:
                return before! with
                {
                    Reports = [.. before.Reports.Select(r => e.Regrades.SingleOrDefault(g => g.ReportId == r.Id) is { } g
                        ? r with { Reliability = g.NewReliability, Group = g.NewGroup }
                        : r)],
                };
            default:
                throw new InvalidOperationException($"No step makes a {fact.GetType().Name}.");
        }
    }

    public static DateTimeOffset Tau(IncidentContent content, DateTimeOffset at) =>
        OccurredOn.TryResolve(content, at, out var interval, out var reason) ? interval.Tau : throw new InvalidOperationException(reason);

    private bool IsSound(IncidentContent content) => !IncidentRules.Check(content, Methods.Shipped, now).Any();

    public Source SourceOf(string id) => sources.TryGetValue(id, out var known)
        ? known
        : sources[id] = new Source(1, id, id, (Reliability)(id[1] % 6), $"g{id[1] % 3}", id is "s1" or "s2" ? Actors[id[1] % Actors.Length] : null, null);

    private static string Digest(IncidentContent content, Step s) => IncidentFields.Digest(content, Drafts(s));

    public static List<ReportDraft> Drafts(Step s)
    {
        var drafts = new List<ReportDraft>();
        for (var i = 0; i < s.C % 4; i++)
        {
            var n = (s.C / 4) + (i * 37) + s.D;
            drafts.Add(new ReportDraft($"s{n % 5}", n % 8 == 7 ? null : 1 + (n / 5 % 6), n % 7 == 0 ? Stance.Denies : Stance.Supports));
        }

        return [.. drafts.Distinct()];
    }

    public static IncidentContent Content(Step s, string id) => new()
    {
        Id = id,
        Occurred = Date(s.A),
        Zone = Zone(s.B),
        Title = $"Something {s.A % 10}",
        Type = s.B % 4 == 0 ? null : TypeName(s.C),
        Cameo = s.B % 4 == 0 ? Codes[s.C % Codes.Length] : null,
        Links = LinksOf(s.D),
        Deaths = s.A % 5 == 0 ? new Estimate(s.D % 400) : null,
        Injured = s.A % 7 == 0 ? new Estimate(s.C % 50, 0, 100) : null,
        Intent = (s.C % 4) switch { 0 => null, 1 => Intent.Unknown, _ => Intent.Deliberate },
        Measure = MeasureOf(s.E, id),
        Issues = s.E % 3 == 0 ? ["gas"] : [],
    };

    /// <summary>Late now and then; closes what an earlier step opened.</summary>
    private IncidentContent News(Step s, string id)
    {
        var hours = s.B % 5 == 0 ? s.A % 1_200 : s.A % 60;
        var (a, b) = s.D % 8 == 0 ? (Actors[0], Actors[2]) : (Actors[1], Actors[2]);
        var opened = states.Values.LastOrDefault(i => i.Content.Measure?.Opens == true)?.Content.Id;
        return Content(s, id) with
        {
            Occurred = (now - TimeSpan.FromHours(hours)).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
            Zone = null,
            Links = [s.D % 2 == 0 ? new Link(a, b) : new Link(b, a, s.D % 10 / 10.0)],
            Measure = s.E % 6 == 0 ? new Measure(Opens: true) : s.E % 6 == 1 && opened is not null && opened != id ? new Measure(Closes: opened) : null,
            RespondsTo = s.E % 11 == 0 && states.Count > 0 ? states.Keys.ElementAt(s.A % states.Count) is var other && other != id ? other : null : null,
        };
    }

    private static IncidentContent Corrected(IncidentContent c, Step s) => (s.A % 13) switch
    {
        0 => c with { Occurred = Date(s.B) },
        1 => c with { Zone = Zone(s.B) },
        2 => c with { Title = $"Else {s.B}" },
        3 => c with { Type = TypeName(s.B), Cameo = null },
        4 => c with { Type = null, Cameo = Codes[s.B % Codes.Length] },
        5 => c with { Links = LinksOf(s.B) },
        6 => c with { Deaths = s.B % 3 == 0 ? null : new Estimate(s.B % 1000) },
        7 => c with { Injured = null, Detained = new Estimate(s.B % 90) },
        8 => c with { Intent = s.B % 2 == 0 ? Intent.Deliberate : null },
        9 or 10 => c with { Measure = MeasureOf(s.B, c.Id) },
        11 => c with { Occurred = Date(s.B), Type = TypeName(s.D), Links = LinksOf(s.D), Measure = MeasureOf(s.E, c.Id) },
        _ => c with { Issues = s.B % 2 == 0 ? [] : ["water", "gas"] },
    };

    private static Measure? MeasureOf(int n, string id) => (n % 10) switch
    {
        <= 3 => new Measure(Opens: true),
        <= 6 when IdOf(n / 10) != id => new Measure(Closes: IdOf(n / 10)),
        _ => null,
    };

    public static string CameoCode(int n) => Codes[n % Codes.Length];

    public static string TypeName(int n) => Methods.Shipped.Types[n % Methods.Shipped.Types.Length].Type;

    public static string? Zone(int n) => (n % 5) switch { 0 => "Asia/Baku", 1 => "America/Havana", _ => null };

    public static Link[] LinksOf(int n) =>
    [
        .. Enumerable.Range(0, 1 + (n % 3))
            .Select(i => (Actor: Actors[(n + i) / 3 % 4], Recipient: Actors[(((n + i) / 3) + 1 + ((n / 12) + i) % 3) % 4], i))
            .DistinctBy(l => (l.Actor, l.Recipient))
            .Select(l => new Link(l.Actor, l.Recipient, ((n / 7) + l.i) % 3 == 0 ? ((n + l.i) % 11) / 10.0 : 1)),
    ];

    /// <summary>A date in one of the forms, up to three years before the start and now and then too late for its recording.</summary>
    public static string Date(int n)
    {
        var day = Start.AddDays((n * 7919 % 1300) - 1050);
        string Day(int plus) => day.AddDays(plus).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return (n % 9) switch
        {
            0 => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            1 => Day(0) + "~",
            2 => $"{Day(0)}/{Day(n % 40)}",
            3 => $"{Day(0)}T{n % 24:00}:{n % 60:00}:00Z",
            4 => $"[{Day(0)},{Day(2)}]",
            5 => $"{Day(0)}/..",
            _ => Day(0),
        };
    }
}
