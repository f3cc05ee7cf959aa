using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Tests.Recording;

public class StreamKeyTests
{
    /// <summary>Streams are found by these ids for ever: a change here loses every record there is.</summary>
    [Fact]
    public void A_stream_has_the_same_id_for_ever() =>
        StreamKey.Incident("ambassador-recalled-2025").In("main").ToString().ShouldBe("fa9f4382-ffad-8d7e-9e09-7d6ea92ea9d0");

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

    /// <summary>Names come from outside and may be of any length.</summary>
    [Fact]
    public void A_name_of_ten_million_characters_has_an_id_too() =>
        StreamKey.Source(new string('s', 10_000_000)).In("main").ShouldNotBe(Guid.Empty);
}
