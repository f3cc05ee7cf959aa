using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;
using static GeoEvents.Tests.Alerts.Scene;

namespace GeoEvents.Tests.Alerts;

/// <summary>Each condition at its bound: what is there holds, what is just short of it does not.</summary>
public class BoundTests
{
    private const double Little = 1e-6;

    /// <summary>Weight −7.5, rung 5.</summary>
    private static readonly Deed Border = new("border", 10, "border-closed");

    [Fact]
    public void Threshold()
    {
        Fires(new ThresholdCondition(Above: Tension(7.5), ResolvesBelow: 1), s => s.Log(Border)).ShouldBe([10]);
        Fires(new ThresholdCondition(Above: Tension(7.5) + Little, ResolvesBelow: 1), s => s.Log(Border)).ShouldBeEmpty();
        Fires(new ThresholdCondition(LevelOf.Warmth, Tension(8), 1), s => s.Log(new Deed("pact", 3, "agreement-signed"))).ShouldBe([3]);
    }

    [Fact]
    public void Rate_of_change()
    {
        var before = new Deed("before", 7, "border-closed");
        Fires(new RateOfChangeCondition(7.5), s => s.Log(Border)).ShouldBe([10]);
        Fires(new RateOfChangeCondition(7.5 + Little), s => s.Log(Border)).ShouldBeEmpty();

        // What was there 72 hours before, at that very instant, is no rise.
        Fires(new RateOfChangeCondition(7.5), s => s.Log(before).Log(Border)).ShouldBe([7]);
        Fires(new RateOfChangeCondition(7.6), s => s.Log(before with { Day = 7.0001 }).Log(Border)).ShouldBe([10]);
    }

    [Fact]
    public void New_high()
    {
        var high = new NewHighCondition(Floor: Tension(7.5));
        var border = Border with { Day = 10.5 };
        Fires(high, s => s.Log(border)).ShouldBe([10.5]);
        Fires(high with { Floor = Tension(7.5) + Little }, s => s.Log(border)).ShouldBeEmpty();

        // 6.98 on day 40.1 is above the midnight of day 12, 6.96, and below that of day 11, 7.32.
        var lower = new Deed("lower", 40.1, "border-closed", Attribution: 0.7);
        Fires(high with { Floor = 5, Days = 29 }, s => s.Log(border).Log(lower)).ShouldBe([10.5, 40.1]);
        Fires(high with { Floor = 5, Days = 30 }, s => s.Log(border).Log(lower)).ShouldBe([10.5]);

        // What happened at a midnight is not yet among the values just before it.
        Fires(high with { Floor = 5 }, s => s.Log(Border)).ShouldBe([10]);
    }

    [Fact]
    public void First()
    {
        var first = new FirstCondition(Years: 1, MinRung: 5);
        Fires(first, s => s.WithBaseline().Log(Border with { Day = 180 })).ShouldBe([180]);
        Fires(first, s => s.WithBaseline().Log(Border with { Day = 179.9 }, 180)).ShouldBeEmpty();
        Fires(first with { MinRung = 6 }, s => s.WithBaseline().Log(Border with { Day = 190 })).ShouldBeEmpty();
        Fires(first, s => s.WithBaseline().Log(Border with { Id = "other", Day = 190, Forward = false }).Log(Border with { Day = 200 })).ShouldBe([190, 200]);
        Fires(first with { Direction = false }, s => s.WithBaseline().Log(Border with { Id = "other", Day = 190, Forward = false }).Log(Border with { Day = 200 })).ShouldBe([190]);
        Fires(first, s => s.WithBaseline().Log(Border with { Id = "old", Day = 190 }).Log(Border with { Day = 190 + 365.1 })).ShouldBe([190, 555.1], 1e-9);
        Fires(first, s => s.WithBaseline().Log(Border with { Id = "old", Day = 190 }).Log(Border with { Day = 190 + 364.9 })).ShouldBe([190]);
    }

    [Fact]
    public void Nine_incidents_are_no_record_to_be_first_in() =>
        Fires(new FirstCondition(MinRung: 5), s => s.WithBaseline().Retract("base3", 195).Log(Border with { Day = 200 })).ShouldBeEmpty();

    [Fact]
    public void Posture()
    {
        var protest = new Deed("protest", 9, "diplomatic-protest");
        Fires(new PostureReachesCondition(5), s => s.Log(Border)).ShouldBe([10]);
        Fires(new PostureReachesCondition(6), s => s.Log(Border)).ShouldBeEmpty();
        Fires(new PostureJumpCondition(3), s => s.Log(protest).Log(Border)).ShouldBe([10]);
        Fires(new PostureJumpCondition(3, 1), s => s.Log(protest).Log(Border)).ShouldBe([10]);
        Fires(new PostureJumpCondition(4, 0.9), s => s.Log(protest).Log(Border)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Little, 0)]
    public void Words_to_deeds(double more, int fires)
    {
        // Before only words; now 5 of 12.5 are deeds: a share of exactly 0.4.
        string[] now = ["criticism", "criticism", "engagement-cancelled", "street-protest"];
        var scene = new Scene(Rule(new WordsToDeedsCondition(Rise: 0.4 + more, MinIncidents: 4)));
        for (var i = 0; i < 4; i++)
        {
            scene.Log(new Deed($"word{i}", 60 + i, "criticism"));
        }

        for (var i = 0; i < 4; i++)
        {
            scene.Log(new Deed($"now{i}", 100 + i, now[i]));
        }

        scene.Fired.Count().ShouldBe(fires);
    }

    [Fact]
    public void Tit_for_tat()
    {
        var (a, b, c) = (new Deed("a", 1, "diplomatic-protest"), new Deed("b", 2, "office-closed", Forward: false), new Deed("c", 3, "criticism"));
        Fires(new TitForTatCondition(7, 3, 6.5), s => s.Log(a).Log(b).Log(c)).ShouldBe([3]);
        Fires(new TitForTatCondition(7, 3, 6.5 + 1e-3), s => s.Log(a).Log(b).Log(c)).ShouldBeEmpty();
        Fires(new TitForTatCondition(7, 4, 6.5), s => s.Log(a).Log(b).Log(c)).ShouldBeEmpty();
        Fires(new TitForTatCondition(2.0001, 3, 6.5), s => s.Log(a).Log(b).Log(c)).ShouldBe([3]);
        Fires(new TitForTatCondition(2, 3, 6.5), s => s.Log(a).Log(b).Log(c)).ShouldBeEmpty();

        // What names what it answers answers that, and nothing else.
        Fires(new TitForTatCondition(7, 3, 6.5), s => s.Log(a).Log(b).Log(c with { RespondsTo = "a" })).ShouldBeEmpty();
        Fires(new TitForTatCondition(7, 3, 6.5), s => s.Log(a).Log(b).Log(c with { Forward = false }).Log(c with { Id = "d", RespondsTo = "b" })).ShouldBe([3]);
    }

    [Fact]
    public void Disproportionate_response()
    {
        // Severities 3.5 and 7.
        var (protest, raid) = (new Deed("protest", 1, "diplomatic-protest"), new Deed("raid", 8, "property-seized", Forward: false));
        Fires(new DisproportionateResponseCondition(2), s => s.Log(protest).Log(raid)).ShouldBe([8]);
        Fires(new DisproportionateResponseCondition(2.001), s => s.Log(protest).Log(raid)).ShouldBeEmpty();
        Fires(new DisproportionateResponseCondition(2), s => s.Log(protest).Log(raid with { Day = 8.001 })).ShouldBeEmpty();
        Fires(new DisproportionateResponseCondition(2), s => s.Log(protest).Log(raid with { Forward = true })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(5 + Little, 0)]
    public void Change_point_on_the_second_day_of_what_is_capped(double threshold, int fires)
    {
        var scene = new Scene(Rule(new ChangePointCondition(Threshold: threshold))).WithBaseline();
        scene.Log(Border with { Day = 500 });
        scene.Fired.ShouldBeEmpty();
        scene.Log(Border with { Id = "again", Day = 501 }).PassTo(510);
        scene.Fired.ShouldBe(fires == 1 ? [501] : []);
        scene.Ended.ShouldBe(fires == 1 ? [502] : []);
    }

    [Fact]
    public void Measures()
    {
        var measure = Border with { Opens = true };
        var end = new Deed("end", 20, "measures-eased", Closes: "border");
        Fires(new MeasureOpenedCondition(5), s => s.Log(measure)).ShouldBe([10]);
        Fires(new MeasureOpenedCondition(6), s => s.Log(measure)).ShouldBeEmpty();
        Fires(new MeasureOpenedCondition(0), s => s.Log(Border)).ShouldBeEmpty();
        Fires(new MeasureClosedCondition(5), s => s.Log(measure).Log(end)).ShouldBe([20]);
        Fires(new MeasureClosedCondition(6), s => s.Log(measure).Log(end)).ShouldBeEmpty();

        var overdue = Fires(new MeasureOverdueCondition(5, 30), s => s.Log(measure).PassTo(300));
        overdue.ShouldBe([40 + (1 / 86_400.0)], 1e-9);
        Fires(new MeasureOverdueCondition(5, 30), s => s.Log(measure).Log(end with { Day = 40 }).PassTo(300)).ShouldBeEmpty();
        Fires(new MeasureOverdueCondition(5, 20), s => s.Log(measure, 35).PassTo(300)).ShouldBe([35], "it was overdue when it was recorded");
    }

    [Fact]
    public void Silence()
    {
        Fires(new SilenceCondition(48), s => s.PassTo(100)).ShouldBe([2]);
        Fires(new SilenceCondition(48), s => s.Log(Border with { Day = 1 }).Check(2.5).PassTo(100)).ShouldBe([4.5]);
        Fires(new SilenceCondition(48), s => s.Log(Border with { Day = -100 }, 1, ChangeClass.Backfill).PassTo(100)).ShouldBe([2]);
        Fires(new SilenceCondition(48), s => s.Log(Border with { Day = 2 }).PassTo(3)).ShouldBe([2], "48 hours had passed when it was recorded");
    }

    [Fact]
    public void Revision()
    {
        var clash = new Deed("clash", 1, "armed-clash", Credibility: 0.5, Deaths: 10);
        Fires(new RevisionCondition(100), s => s.Log(clash).Correct(clash with { Deaths = 12 }, 2)).ShouldBe([2]);
        Fires(new RevisionCondition(100), s => s.Log(clash).Correct(clash with { Deaths = 11 }, 2)).ShouldBeEmpty();
        Fires(new RevisionCondition(100), s => s.Log(clash with { Deaths = 0 }).Correct(clash with { Deaths = 1 }, 2)).ShouldBe([2]);

        var points = Tension(7.5) - Tension(6);
        Fires(new RevisionCondition(points - 1e-9, 100), s => s.Log(Border).Correct(Border with { Attribution = 0.8 }, 10)).ShouldBe([10]);
        Fires(new RevisionCondition(points + Little, 100), s => s.Log(Border).Correct(Border with { Attribution = 0.8 }, 10)).ShouldBeEmpty();
        Fires(new RevisionCondition(5), s => s.Log(Border).Retract("border", 11)).ShouldBe([11]);
        Fires(new RevisionCondition(5), s => s.Log(Border)).ShouldBeEmpty("that something becomes known is no revision");
    }

    private static IEnumerable<double> Fires(Condition condition, Action<Scene> play)
    {
        var scene = new Scene(Rule(condition));
        play(scene);
        return [.. scene.Fired];
    }
}
