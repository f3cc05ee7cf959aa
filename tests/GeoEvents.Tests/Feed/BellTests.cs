using GeoEvents.Feed;

namespace GeoEvents.Tests.Feed;

public class BellTests
{
    [Fact]
    public async Task It_wakes_the_one_who_waits_and_the_one_who_will_wait_next()
    {
        var bell = new Bell();
        var waiting = bell.Wait().AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        bell.Ring();
        await waiting;

        bell.Ring();
        bell.Ring();
        bell.Wait().AsTask().IsCompletedSuccessfully.ShouldBeTrue("it rang while nobody waited");
        bell.Wait().AsTask().IsCompleted.ShouldBeFalse("ringing twice is as good as once");
    }

    [Fact]
    public async Task No_ring_is_lost_between_looking_and_waiting()
    {
        const int Items = 20_000;
        var (bell, there, seen) = (new Bell(), 0, 0);
        var reader = Task.Run(async () =>
        {
            while (seen < Items)
            {
                seen = Volatile.Read(ref there);
                if (seen < Items)
                {
                    await bell.Wait();
                }
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < Items; i++)
        {
            Interlocked.Increment(ref there);
            bell.Ring();
        }

        await reader.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
