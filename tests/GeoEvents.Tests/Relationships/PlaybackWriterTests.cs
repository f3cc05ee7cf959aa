using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using GeoEvents.Incidents;
using GeoEvents.Relationships;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.Tests.Relationships;

public class PlaybackWriterTests
{
    private static readonly DateTimeOffset First = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PlaybackState Calm = new(0, 0, 0, 0, 0, "quiet", 0, 1, 0, 0, 0);

    [Fact]
    public async Task Lines_are_steps_and_the_last_says_how_many_there_were()
    {
        var lines = (await Written(PlaybackFormat.NdJson, Step(3, 0), Step(7, 60))).TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();

        lines.Count.ShouldBe(3);
        lines.Take(2).Select(l => l.GetProperty("step").GetInt64()).ShouldBe([3L, 7L]);
        lines[2].GetRawText().ShouldBe("""{"end":true,"steps":2,"last":7}""");
    }

    [Fact]
    public async Task Events_carry_their_step_as_id_and_the_end_has_none_so_that_a_client_goes_on_from_its_last_step()
    {
        var events = (await Written(PlaybackFormat.EventStream, Step(3, 0))).Split("\n\n");

        events.Length.ShouldBe(3);
        events[0].ShouldStartWith("id: 3\nevent: step\ndata: {\"step\":3,");
        events[0].Split('\n').Length.ShouldBe(3);
        events[1].ShouldBe("event: end\ndata: {\"end\":true,\"steps\":1,\"last\":3}");
        events[2].ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_to_play_ends_at_once_without_a_last_step() =>
        (await Written(PlaybackFormat.NdJson)).ShouldBe("{\"end\":true,\"steps\":0}\n");

    [Fact]
    public async Task At_a_pace_each_step_comes_when_its_time_has_passed_and_long_silences_are_shortened()
    {
        var clock = new WatchedClock();
        var pipe = new Pipe();
        var cancel = TestContext.Current.CancellationToken;
        var writing = new PlaybackWriter(clock).Write(pipe.Writer, PlaybackFormat.NdJson, Of(Step(1, 0), Step(2, 120), Step(3, 120), Step(4, 86_400)), IdOf, pace: 60, cancel);

        (await Available(pipe.Reader)).Select(StepOf).ShouldBe([1L]);
        (await clock.Due(cancel)).ShouldBe(TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(1.9));
        pipe.Reader.TryRead(out _).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        (await Available(pipe.Reader)).Select(StepOf).First().ShouldBe(2);
        (await clock.Due(cancel)).ShouldBe(PlaybackWriter.LongestPause, "a day without news is not waited for");
        clock.Advance(PlaybackWriter.LongestPause);
        await writing;
        await pipe.Writer.CompleteAsync();
        (await Rest(pipe.Reader)).ShouldEndWith("{\"end\":true,\"steps\":4,\"last\":4}\n");
    }

    [Fact]
    public async Task Events_beat_every_fifteen_seconds_of_pausing()
    {
        var clock = new WatchedClock();
        var pipe = new Pipe();
        var cancel = TestContext.Current.CancellationToken;
        var steps = Enumerable.Range(1, 6).Select(n => Step(n, n * 4)).ToArray();
        var writing = new PlaybackWriter(clock).Write(pipe.Writer, PlaybackFormat.EventStream, Of(steps), IdOf, pace: 1, cancel);
        TimeSpan[] pauses = [.. Enumerable.Repeat(TimeSpan.FromSeconds(4), 3), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];
        foreach (var pause in pauses)
        {
            (await clock.Due(cancel)).ShouldBe(pause);
            clock.Advance(pause);
        }

        await writing;
        await pipe.Writer.CompleteAsync();
        var events = (await Rest(pipe.Reader)).Split("\n\n");
        events.Count(e => e.StartsWith("event: heartbeat\n", StringComparison.Ordinal)).ShouldBe(1);
        events[4].ShouldBe("event: heartbeat\ndata: {\"after\":4}");
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_pause()
    {
        var clock = new WatchedClock();
        using var gone = new CancellationTokenSource();
        var writing = new PlaybackWriter(clock).Write(new Pipe().Writer, PlaybackFormat.NdJson, Of(Step(1, 0), Step(2, 120)), IdOf, pace: 60, gone.Token);
        await clock.Due(TestContext.Current.CancellationToken);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
    }

    private static async Task<string> Written(PlaybackFormat format, params PlaybackStep[] steps)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await new PlaybackWriter(new FakeTimeProvider()).Write(pipe.Writer, format, Of(steps), IdOf, pace: null, TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        return await Rest(pipe.Reader);
    }

    private static async Task<string> Rest(PipeReader reader)
    {
        using var text = new StreamReader(reader.AsStream());
        return await text.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string[]> Available(PipeReader reader)
    {
        var read = await reader.ReadAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static long StepOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64();

    private static async IAsyncEnumerable<PlaybackStep> Of(params PlaybackStep[] steps)
    {
        await Task.CompletedTask;
        foreach (var step in steps)
        {
            yield return step;
        }
    }

    private static string IdOf(PlaybackStep step) => $"{step.Step}";

    private static PlaybackStep Step(long number, int seconds) => new(
        number, number, First, First.AddSeconds(seconds), number, "2026.1", "incident_logged", ChangeClass.Live, $"i{number}", 1, "Note\nhanded over", "2025-07-01", "diplomatic-protest",
        null, [], null, null, null, Calm, Calm);

    /// <summary>A clock that tells for how long somebody waits.</summary>
    private sealed class WatchedClock : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();

        public ValueTask<TimeSpan> Due(CancellationToken cancel) => waits.Reader.ReadAsync(cancel);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
