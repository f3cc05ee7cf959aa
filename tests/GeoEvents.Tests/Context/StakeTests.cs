using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Context;

public class StakeTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 2, 15, 0, 0, TimeSpan.Zero);

    private static readonly StakeContent Corridor = new()
    {
        Id = "corridor",
        Name = "Corridor",
        HeldBy = [ActorCode.Parse("ARM")],
        SoughtBy = [ActorCode.Parse("AZE")],
        Issues = ["transit"],
    };

    [Fact]
    public void An_amendment_keeps_each_fields_old_value_and_says_nothing_twice()
    {
        var stake = Stake.After(null, Stake.Register(Corridor, null)!, Now);
        var amended = Corridor with { Kind = "road", Issues = [] };

        var fact = (StakeAmended)stake.Amend(amended, "why").Single();

        fact.Changes.Select(c => $"{c.Field}: {c.Old} → {c.New}").ShouldBe(["kind:  → road", """issues: ["transit"] → """]);
        var after = Stake.After(stake, fact, Now);
        after.Content.Kind.ShouldBe("road");
        after.Content.Issues.ShouldBeEmpty();
        after.Amend(amended, "why").ShouldBeEmpty();
    }

    [Fact]
    public void What_it_was_registered_as_is_known_after_an_amendment_and_anything_else_is_refused()
    {
        var stake = Stake.After(null, Stake.Register(Corridor, null)!, Now);
        var after = Stake.After(stake, stake.Amend(Corridor with { Kind = "road" }, "why").Single(), Now);

        Stake.Register(Corridor, after).ShouldBeNull();
        Stake.Register(Corridor with { Kind = "road" }, after).ShouldBeNull();
        Should.Throw<RefusedException>(() => Stake.Register(Corridor with { Kind = "rail" }, after)).Code.ShouldBe("stake-exists");
    }

    [Fact]
    public void A_retired_stake_takes_no_amendment_and_retires_once()
    {
        var stake = Stake.After(null, Stake.Register(Corridor, null)!, Now);
        var retired = Stake.After(stake, stake.Retire("settled").Single(), Now);

        retired.Retire("settled").ShouldBeEmpty();
        Should.Throw<RefusedException>(() => retired.Amend(Corridor with { Name = "x" }, "why").ToList()).Code.ShouldBe("stake-retired");
    }

    [Fact]
    public void Its_id_is_one_of_its_tags() => Stake.After(null, Stake.Register(Corridor, null)!, Now).Tags.ShouldBe(["transit", "corridor"]);

    [Fact]
    public void What_is_wrong_is_named_by_pointer()
    {
        var wrong = Corridor with
        {
            Id = "No Id",
            Name = "",
            HeldBy = [],
            SoughtBy = [],
            Issues = ["a b"],
            Place = new Place(Latitude: 91),
            Incidents = ["!"],
            Description = new string('x', 10_001),
        };

        StakeRules.Check(wrong, "").Select(p => $"{p.Pointer} {p.Code}").ShouldBe(
            [
                "/id malformed", "/name required", "/description too-long", "/place/latitude out-of-range", "/place/longitude required", "/incidents/0 malformed",
                "/heldBy required", "/issues/0 malformed",
            ]);
    }
}
