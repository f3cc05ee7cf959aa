using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Tests.Recording;

public class StreamKeyTests
{
    /// <summary>Streams are found by these ids for ever: a change here loses every record there is.</summary>
    [Fact]
    public void A_stream_has_the_same_id_for_ever() =>
        StreamKey.Incident("ambassador-recalled-2025").In("main").ToString().ShouldBe("d3041c38-99e1-8549-a072-760a82a397e5");

    [Fact]
    public void Workspace_kind_and_name_all_tell_streams_apart()
    {
        Guid[] ids =
        [
            StreamKey.Incident("AZE").In("main"), StreamKey.Incident("AZE").In("other"), StreamKey.Incident("RUS").In("main"),
            StreamKey.Source("AZE").In("main"), StreamKey.Actor(ActorCode.Parse("AZE")).In("main"),
        ];

        ids.Distinct().Count().ShouldBe(5);
        ids.ShouldAllBe(id => id.Version == 8 && (id.Variant & 0xC) == 0x8);
    }

    /// <summary>Of what happened at one time, ids settle the order, and sums are added in it.</summary>
    [Fact]
    public void Ids_are_in_one_order_in_every_workspace()
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(i => $"i{i}")];

        names.OrderBy(n => StreamKey.Incident(n).In("main")).ShouldBe(names.OrderBy(n => StreamKey.Incident(n).In("other")));
    }

    /// <summary>Names come from outside and may be of any length.</summary>
    [Fact]
    public void A_name_of_ten_million_characters_has_an_id_too() =>
        StreamKey.Source(new string('s', 10_000_000)).In("main").ShouldNotBe(Guid.Empty);
}
