using System.Net.Sockets;
using System.Security.Cryptography;

namespace GeoEvents.Watching;

/// <summary>Reads what somebody else sends: without waiting for ever, never more than was announced, and at the end whether it is that.</summary>
/// <param name="size">Bytes announced; null if nothing says.</param>
/// <param name="md5">Announced, lower-case hexadecimal; null if nothing says.</param>
/// <param name="most">Bytes that are read where no size was announced.</param>
/// <param name="patience">The longest that nothing may come.</param>
/// <remarks>MD5 is what feeds publish. It finds what was damaged on the way, not what was forged.</remarks>
public sealed class CheckedStream(Stream inner, long? size, string? md5, long most, TimeSpan patience, TimeProvider clock) : Stream
{
    /// <summary>Bytes per second on the whole, once patience has passed.</summary>
    private const long Slowest = 1_000;

    private readonly long begun = clock.GetTimestamp();
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes read so far.</summary>
    public override long Position { get => Count; set => throw new NotSupportedException(); }

    /// <summary>Of all that was read, lower-case hexadecimal; null before the end.</summary>
    public string? Md5 { get; private set; }

    private long Count { get; set; }

    /// <exception cref="FeedException">Nothing came for too long, or the connection broke.</exception>
    /// <exception cref="FeedFileException">It is not what was announced.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Next(buffer, cancellationToken);
        if (read == 0 && !buffer.IsEmpty)
        {
            Check();
        }

        Count += read;
        if (Count > (size ?? most))
        {
            throw new FeedFileException($"It is longer than the {size ?? most:N0} bytes {(size is null ? "allowed" : "announced")}.");
        }

        var elapsed = clock.GetElapsedTime(begun);
        if (read > 0 && elapsed > patience && Count < elapsed.TotalSeconds * Slowest)
        {
            throw new FeedException($"It comes too slowly: {Count:N0} bytes in {elapsed.TotalSeconds:0} seconds.");
        }

        hash.AppendData(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }

    private async Task<int> Next(Memory<byte> buffer, CancellationToken cancel)
    {
        using var stalled = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stalled.Token);
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new FeedException($"Nothing came for {patience.TotalSeconds:0} seconds, after {Count:N0} bytes.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException)
        {
            throw new FeedException($"The connection broke after {Count:N0} bytes: {e.Message}");
        }
    }

    private void Check()
    {
        if (size is { } announced && Count != announced)
        {
            throw new FeedFileException($"It has {Count:N0} bytes, not {announced:N0} as announced.");
        }

        Md5 ??= Convert.ToHexStringLower(hash.GetHashAndReset());
        if (md5 is not null && Md5 != md5)
        {
            throw new FeedFileException($"Its MD5 is {Md5}, not {md5} as announced.");
        }
    }
}
