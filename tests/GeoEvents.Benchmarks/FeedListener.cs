using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace GeoEvents.Benchmarks;

/// <summary>A client of the feed on a bare socket: it notes when each event has come whole, and keeps nothing else.</summary>
public sealed class FeedListener(Socket socket) : IDisposable
{
    private static readonly byte[] Id = "id: "u8.ToArray();

    private readonly byte[] line = new byte[24];
    private int length;
    private long id = -1;

    /// <summary>Number of the last event that came whole.</summary>
    public long Last { get; private set; } = -1;

    /// <summary>When it did; see <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long LastAt { get; private set; }

    public static async Task<FeedListener> Open(Uri service, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(service.Host, service.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {service.Authority}\r\nAccept: text/event-stream\r\n\r\n"));
        return new FeedListener(socket);
    }

    /// <summary>Reads until the connection ends.</summary>
    /// <param name="told">Called with the number of each event that came whole; that of the opening, which has only an id, too.</param>
    public async Task Listen(Action<long> told)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var read)
            {
                Read(buffer.AsSpan(0, read), told);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The benchmark is over, or the service has gone.
        }
    }

    public void Dispose() => socket.Dispose();

    private void Read(ReadOnlySpan<byte> bytes, Action<long> told)
    {
        foreach (var b in bytes)
        {
            if (b != '\n')
            {
                if (length < line.Length)
                {
                    line[length] = b;
                }

                length++;
                continue;
            }

            if (length == 0 && id >= 0)
            {
                (Last, LastAt, id) = (id, Stopwatch.GetTimestamp(), -1);
                told(Last);
            }
            else if (length > Id.Length && line.AsSpan().StartsWith(Id) && Utf8Parser.TryParse(line.AsSpan(Id.Length, Math.Min(length, line.Length) - Id.Length), out long number, out _))
            {
                id = number;
            }

            length = 0;
        }
    }
}
