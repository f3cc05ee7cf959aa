using System.IO.Pipelines;
using System.Text;
using GeoEvents.Watching;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.Tests.Watching;

public class CheckedStreamTests
{
    private const string Hello = "5d41402abc4b2a76b9719d911017c592";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5L, Hello)]
    [InlineData(null, Hello)]
    [InlineData(5L, null)]
    [InlineData(null, null)]
    public async Task What_is_as_announced_is_read_and_hashed(long? size, string? md5)
    {
        await using var stream = Of("hello", size, md5);

        (await new StreamReader(stream).ReadToEndAsync(Cancel)).ShouldBe("hello");

        (stream.Position, stream.Md5).ShouldBe((5L, Hello));
    }

    [Theory]
    [InlineData("hell", 5L, null, "It has 4 bytes, not 5 as announced.")]
    [InlineData("hello!", 5L, null, "It is longer than the 5 bytes announced.")]
    [InlineData("hallo", 5L, Hello, "Its MD5 is")]
    [InlineData("01234567890", null, null, "It is longer than the 10 bytes allowed.")]
    public async Task What_is_not_ends_in_a_failure_of_the_file(string content, long? size, string? md5, string reason)
    {
        await using var stream = Of(content, size, md5);

        (await Should.ThrowAsync<FeedFileException>(stream.CopyToAsync(Stream.Null, Cancel))).Message.ShouldStartWith(reason);

        stream.Md5.ShouldBe(content == "hallo" ? "598d4c200461b81522a3328565c25f7c" : null);
    }

    [Fact]
    public async Task Nothing_for_longer_than_patience_is_a_stall_and_patience_begins_anew_with_each_piece()
    {
        var pipe = new Pipe();
        await using var stream = new CheckedStream(pipe.Reader.AsStream(), null, null, 1 << 20, Patience, clock);
        var buffer = new byte[1 << 20];
        for (var i = 1; i <= 3; i++)
        {
            var reading = stream.ReadAsync(buffer, Cancel).AsTask();
            clock.Advance(Patience - TimeSpan.FromSeconds(1));
            reading.IsCompleted.ShouldBeFalse();
            await pipe.Writer.WriteAsync(new byte[60_000], Cancel);
            (await reading).ShouldBe(60_000);
        }

        var last = stream.ReadAsync(buffer, Cancel).AsTask();
        clock.Advance(Patience);
        (await Should.ThrowAsync<FeedException>(last)).Message.ShouldBe("Nothing came for 30 seconds, after 180,000 bytes.");
    }

    [Fact]
    public async Task What_comes_a_byte_now_and_then_is_given_up()
    {
        var pipe = new Pipe();
        await using var stream = new CheckedStream(pipe.Reader.AsStream(), null, null, 1 << 20, Patience, clock);
        await pipe.Writer.WriteAsync(new byte[1], Cancel);
        (await stream.ReadAsync(new byte[10], Cancel)).ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(31));
        await pipe.Writer.WriteAsync(new byte[1], Cancel);

        (await Should.ThrowAsync<FeedException>(stream.ReadAsync(new byte[10], Cancel).AsTask())).Message.ShouldBe("It comes too slowly: 2 bytes in 31 seconds.");
    }

    [Fact]
    public async Task Whoever_waits_may_stop_waiting()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = new CheckedStream(new Pipe().Reader.AsStream(), null, null, 10, Patience, clock);
        var reading = stream.ReadAsync(new byte[10], stop.Token).AsTask();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
    }

    private CheckedStream Of(string content, long? size, string? md5) => new(new MemoryStream(Encoding.ASCII.GetBytes(content)), size, md5, 10, Patience, clock);
}
