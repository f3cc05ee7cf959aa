using GeoEvents.Feed;

namespace GeoEvents.Tests.Feed;

public class FeedRingTests
{
    private static readonly RenderedItem[] Room = new RenderedItem[FeedRing.MostItems * 2];

    [Fact]
    public void It_begins_after_the_head_that_it_is_given()
    {
        var ring = new FeedRing(7);
        (ring.Head, ring.Take(7, Room)).ShouldBe((7, 0));
        ring.Take(6, Room).ShouldBeNull("number 7 is not in it");
        ring.Take(99, Room).ShouldBe(0, "whoever is ahead waits");

        ring.Add(Item(8));
        (ring.Head, ring.Take(7, Room), Room[0].Item.Number).ShouldBe((8, 1, 8));
        ring.Take(8, Room).ShouldBe(0);
    }

    [Fact]
    public void It_gives_no_more_than_there_is_room_for()
    {
        var ring = Filled(10);
        var room = new RenderedItem[3];
        ring.Take(4, room).ShouldBe(3);
        room.Select(i => i.Item.Number).ShouldBe([5, 6, 7]);
    }

    [Fact]
    public void The_oldest_make_room_for_new_ones()
    {
        var ring = Filled(FeedRing.MostItems + 5);
        ring.Take(4, Room).ShouldBeNull();
        ring.Take(5, Room).ShouldBe(FeedRing.MostItems);
        Room.Take(FeedRing.MostItems).Select(i => i.Item.Number).ShouldBe(Enumerable.Range(6, FeedRing.MostItems).Select(n => (long)n));
    }

    [Fact]
    public void It_holds_few_large_items()
    {
        var ring = new FeedRing(0);
        for (var number = 1; number <= 12; number++)
        {
            ring.Add(Item(number, FeedRing.MostBytes / 4));
        }

        ring.Take(7, Room).ShouldBeNull();
        ring.Take(8, Room).ShouldBe(4);
        ring.Add(Item(13, 2 * FeedRing.MostBytes));
        (ring.Take(11, Room), ring.Take(12, Room)).ShouldBe((null, 1));
    }

    private static FeedRing Filled(int count)
    {
        var ring = new FeedRing(0);
        for (var number = 1; number <= count; number++)
        {
            ring.Add(Item(number));
        }

        return ring;
    }

    private static RenderedItem Item(long number, int size = 10) =>
        new(new FeedItem(number, "incident_logged", DateTimeOffset.UnixEpoch, [], "incident/x", null, null, default), new byte[size]);
}
