using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Context;

public class PathwayTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 2, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Steps_are_read_as_titles_or_as_objects_and_those_without_an_id_are_numbered()
    {
        var pathway = Read("""{"dyad":"RUS-AZE","name":"Way back","steps":["First",{"id":"s1","title":"Second","state":"under-way","due":"2025-12-31"},"Third"]}""");

        pathway.Dyad.ShouldBe(Dyad.Parse("AZE-RUS"));
        pathway.Id.ShouldBe("way-back");
        pathway.Steps.Select(s => $"{s.Id} {s.Title} {s.State} {s.Due:yyyy-MM-dd}").ShouldBe(["s2 First Open ", "s1 Second UnderWay 2025-12-31", "s3 Third Open "]);
        PathwayRules.Check(pathway, "").ShouldBeEmpty();
    }

    [Fact]
    public void The_same_laid_out_again_is_no_fact_also_after_it_came_on()
    {
        var pathway = Laid();
        var come = Progressed(pathway, "s1", s => s with { State = StepState.Done, Incidents = ["i"] });

        Pathway.LayOut(pathway.Content, come).ShouldBeNull();
        Pathway.LayOut(come.Content, come).ShouldBeNull();
        Should.Throw<RefusedException>(() => Pathway.LayOut(pathway.Content with { Name = "Another" }, come)).Code.ShouldBe("pathway-exists");
    }

    [Fact]
    public void Progress_says_what_was_and_what_is_and_nothing_twice()
    {
        var pathway = Laid();
        var come = Progressed(pathway, "s1", s => s with { State = StepState.UnderWay, Due = new DateOnly(2025, 9, 1) });

        come.Content.Steps[0].ShouldBe(new PathwayStep("s1", "One", StepState.UnderWay, new DateOnly(2025, 9, 1), pathway.Content.Steps[0].Incidents));
        come.Version.ShouldBe(2);
        come.Progress(come.Content.Steps[0], come.Content.Steps[0] with { Incidents = [] }, "again").ShouldBeEmpty();
        var fact = (PathwayStepProgressed)come.Progress(come.Content.Steps[0], come.Content.Steps[0] with { State = StepState.Abandoned }, "given up").Single();
        (fact.Id, fact.Dyad, fact.OldState, fact.NewState, fact.OldDue, fact.NewDue)
            .ShouldBe(("way-back", Dyad.Parse("AZE-RUS"), StepState.UnderWay, StepState.Abandoned, new DateOnly(2025, 9, 1), new DateOnly(2025, 9, 1)));
    }

    [Fact]
    public void An_amendment_adds_and_orders_and_leaves_what_steps_have_come_to()
    {
        var come = Progressed(Laid(), "s2", s => s with { State = StepState.Done, Incidents = ["i"] });
        var added = PathwayContent.Named([new PathwayStep("", "Three", StepState.Open, null, [])], come.Content.Steps);

        var amended = Pathway.After(come, come.Amend("Road back", added, ["s3", "s1", "s2"], "why").Single(), Now);

        amended.Content.Name.ShouldBe("Road back");
        amended.Content.Steps.Select(s => $"{s.Id} {s.State}").ShouldBe(["s3 Open", "s1 Open", "s2 Done"]);
        amended.Amend("Road back", [], ["s3", "s1", "s2"], "why").ShouldBeEmpty();
    }

    [Fact]
    public void A_step_that_is_done_without_a_standing_proof_is_not_proven()
    {
        var step = new PathwayStep("s1", "One", StepState.Done, new DateOnly(2025, 6, 1), ["gone", "later"]);
        var references = new Dictionary<string, Reference> { ["gone"] = new("gone", ReferenceStanding.Retracted, null), ["later"] = new("later", ReferenceStanding.AfterValid, null) };

        var view = StepView.Of(step, references, Now);

        (view.Proven, view.Overdue, view.Proofs.Count).ShouldBe((false, false, 2), "done is not overdue, whatever became of its proof");
        StepView.Of(step with { State = StepState.Open }, references, Now).Overdue.ShouldBeTrue();
        StepView.Of(step with { State = StepState.Open, Due = DateOnly.FromDateTime(Now.UtcDateTime) }, references, Now).Overdue.ShouldBeFalse("its day is not over");
    }

    [Theory]
    [InlineData("""{"name":"Way back","steps":["One"]}""", "/dyad required")]
    [InlineData("""{"dyad":"AZE-RUS","steps":["One"],"id":"x"}""", "/name required")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Путь","steps":["One"]}""", "/id required")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":[]}""", "/steps required")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":["One",""]}""", "/steps/1/title required")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":[{"title":"One","state":"done"}]}""", "/steps/0/incidents required")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":[{"id":"a","title":"One"},{"id":"a","title":"Two"}]}""", "/steps/1/id repeated")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":[{"id":"A b","title":"One"}]}""", "/steps/0/id malformed")]
    [InlineData("""{"dyad":"AZE-RUS","name":"Way back","steps":[{"title":"One","incidents":["i","i"]}]}""", "/steps/0/incidents/1 repeated")]
    public void A_content_that_is_no_pathway_is_refused_by_field(string json, string fault) =>
        PathwayRules.Check(Read(json), "").Select(p => $"{p.Pointer} {p.Code}").ShouldBe([fault]);

    [Theory]
    [InlineData("Way back from the 2025 crisis", "way-back-from-the-2025-crisis")]
    [InlineData("  Corridor – rail & road!", "corridor-rail-road")]
    [InlineData("Путь", "")]
    public void A_slug_is_what_of_a_name_can_stand_in_an_address(string name, string slug) => ContextRules.Slug(name).ShouldBe(slug);

    [Fact]
    public void A_slug_is_short_and_does_not_end_in_a_hyphen() => ContextRules.Slug(new string('a', 63) + " bc").ShouldBe(new string('a', 63));

    private static PathwayContent Read(string json) => JsonSerializer.Deserialize<PathwayContent>(json, GeoJson.Options)!.Named();

    private static Pathway Laid() =>
        Pathway.After(null, Pathway.LayOut(Read("""{"dyad":"AZE-RUS","name":"Way back","steps":["One","Two"]}"""), null)!, Now);

    private static Pathway Progressed(Pathway pathway, string step, Func<PathwayStep, PathwayStep> to)
    {
        var from = pathway.Content.Steps.First(s => s.Id == step);
        return Pathway.After(pathway, pathway.Progress(from, to(from), "why").Single(), Now);
    }
}
