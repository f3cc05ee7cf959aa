using System.Text.Json;
using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Tests.Properties;

/// <summary>Upstream and analysts change one incident; neither undoes what the other did.</summary>
public class ReconcileTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ReportDraft FromFeed = new("feed", 2);
    private static readonly ReportDraft FromAnalyst = new("analyst", 1);

    [Fact]
    public void A_field_is_what_was_said_of_it_last_whoever_said_it() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 5]).Array[1, 12].Sample(
            changes =>
            {
                var incident = Logged();
                var (upstream, expected) = (incident.Content, incident.Content);
                foreach (var (byAnalyst, field, value) in changes)
                {
                    if (byAnalyst)
                    {
                        expected = With(expected, field, value);
                        incident = After(incident, incident.Correct(expected, "checked"));
                    }
                    else
                    {
                        var before = upstream;
                        upstream = With(upstream, field, value);
                        expected = before == upstream ? expected : With(expected, field, value);
                        incident = After(incident, Reconcile(incident, upstream, FromFeed));
                    }

                    IncidentFields.Difference(expected, incident.Content).ShouldBeEmpty();
                }
            },
            iter: History.Many(500));

    [Fact]
    public void A_report_that_an_analyst_attached_stays_when_upstream_changes()
    {
        var incident = Logged();
        incident = After(incident, incident.Attach(FromAnalyst, SourceOf));
        incident = After(incident, Reconcile(incident, incident.Upstream with { Title = "Changed" }, FromFeed));
        incident.Reports.Select(r => r.Source).ShouldBe(["feed", "analyst"]);
    }

    [Fact]
    public void A_report_that_an_analyst_withdrew_does_not_come_back_when_upstream_changes_something_else()
    {
        var incident = Logged();
        incident = After(incident, incident.Withdraw("r1", "a hoax"));
        incident = After(incident, Reconcile(incident, incident.Upstream with { Title = "Changed" }, FromFeed));
        incident.Reports.ShouldBeEmpty();
    }

    [Fact]
    public void A_report_that_upstream_no_longer_gives_is_withdrawn_and_one_it_gives_anew_is_attached()
    {
        var incident = Logged();
        incident = After(incident, Reconcile(incident, incident.Upstream, FromFeed with { Credibility = 4 }));
        incident.Reports.Select(r => (r.Id, r.Credibility)).ShouldBe([("r2", 4)]);
        incident = After(incident, Reconcile(incident, incident.Upstream, FromFeed));
        incident.Reports.Select(r => (r.Id, r.Credibility)).ShouldBe([("r3", 2)]);
    }

    /// <summary>Otherwise the relationship could not be scored any more.</summary>
    [Fact]
    public void Upstream_cannot_take_away_the_code_that_an_analyst_left()
    {
        var incident = Logged();
        incident = After(incident, incident.Correct(incident.Content with { Type = null }, "the code says more"));
        Should.Throw<InvalidRequestException>(() => Reconcile(incident, incident.Upstream with { Cameo = null }, FromFeed)).Problems[0].Pointer.ShouldBe("/type");
    }

    [Fact]
    public void A_correction_cannot_take_away_the_only_code()
    {
        var incident = Logged();
        incident = After(incident, incident.Correct(incident.Content with { Type = null }, "the code says more"));
        var draft = new CorrectionDraft("no code", new Dictionary<string, JsonElement> { ["cameo"] = JsonDocument.Parse("null").RootElement });
        var correction = new CorrectIncident(new Call("main", "anna", null, null), "i1", draft);
        var record = new RecordView(new Dictionary<StreamKey, object> { [StreamKey.Incident("i1")] = incident });
        Should.Throw<InvalidRequestException>(() => correction.Decide(record, At)).Problems[0].Pointer.ShouldBe("/changes/type");
    }

    private static Incident Logged()
    {
        var content = new IncidentContent
        {
            Id = "i1",
            Occurred = "2025-05-05",
            Title = "First",
            Type = "armed-clash",
            Cameo = "190",
            Links = [new Link(ActorCode.Parse("AZE"), ActorCode.Parse("ARM"))],
        };
        return After(null, [new IncidentLogged(content, [SourceOf("feed").Report("r1", FromFeed)], IncidentFields.Digest(content, [FromFeed]), "import")]);
    }

    private static IReadOnlyList<IncidentEvent> Reconcile(Incident incident, IncidentContent upstream, ReportDraft report) =>
        incident.Reconcile(upstream, [report], IncidentFields.Digest(upstream, [report]), "import", SourceOf, At);

    private static Incident After(Incident? before, IEnumerable<IncidentEvent> facts) =>
        facts.Aggregate(before, (state, fact) => Incident.After(state, fact, At, (state?.Position ?? 0) + 1))!;

    private static Source SourceOf(string id) => new(1, id, id, Reliability.B, id, null, null);

    private static IncidentContent With(IncidentContent content, int field, int value) => field switch
    {
        0 => content with { Title = $"Title {value}" },
        1 => content with { Deaths = value == 0 ? null : new Estimate(value) },
        2 => content with { Occurred = $"2025-05-0{value + 1}" },
        _ => content with { Intent = value % 2 == 0 ? Intent.Deliberate : null },
    };
}
