using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Rows on their way into a table by binary COPY, put together in a buffer that is sent when it is full.</summary>
/// <remarks>
/// <para>Npgsql's own importer takes a column at a time, asynchronously; for rows of forty columns by the million that is most of what sending costs.</para>
/// <para>Source: PostgreSQL documentation, COPY, "Binary Format"; of each type, what its <c>recv</c> function reads. Numbers are big-endian.</para>
/// </remarks>
public sealed class CopyRows : IAsyncDisposable
{
    private const int Full = 1 << 16;
    private const int TextOid = 25;
    private const short End = -1;

    /// <summary>Signature, no flags, no extension.</summary>
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly NpgsqlRawCopyStream stream;
    private byte[] buffer = new byte[2 * Full];
    private int length;
    private bool complete;

    private CopyRows(NpgsqlRawCopyStream stream) => this.stream = stream;

    /// <param name="columns">Table and columns, as in <c>geo.ledger (workspace, incident)</c>; each row gives them in this order.</param>
    public static async Task<CopyRows> Into(NpgsqlConnection connection, string columns, CancellationToken cancel)
    {
        var rows = new CopyRows(await connection.BeginRawBinaryCopyAsync($"copy {columns} from stdin (format binary)", cancel));
        Header.CopyTo(rows.Take(Header.Length));
        return rows;
    }

    /// <summary>Begins a row; sends those before it if they fill the buffer.</summary>
    public async ValueTask Row(short columns, CancellationToken cancel)
    {
        if (length >= Full)
        {
            await Send(cancel);
        }

        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), columns);
    }

    public void Null() => Size(-1);

    public void Boolean(bool value) => Field(sizeof(byte))[0] = value ? (byte)1 : (byte)0;

    public void Smallint(short value) => BinaryPrimitives.WriteInt16BigEndian(Field(sizeof(short)), value);

    public void Integer(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(sizeof(int)), value);

    public void Bigint(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);

    public void Real(float value) => BinaryPrimitives.WriteSingleBigEndian(Field(sizeof(float)), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Field(sizeof(double)), value);

    public void Uuid(Guid value) => value.TryWriteBytes(Field(16), bigEndian: true, out _);

    /// <summary>To the microsecond.</summary>
    public void Timestamptz(DateTimeOffset value) => Bigint((value.UtcTicks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, Field(bytes));
    }

    public void Jsonb(ReadOnlySpan<byte> json)
    {
        const byte Version = 1;
        var field = Field(json.Length + 1);
        field[0] = Version;
        json.CopyTo(field[1..]);
    }

    /// <summary>An array of text with one dimension.</summary>
    public void Texts(IReadOnlyList<string> values)
    {
        var size = length;
        Size(0);
        var begin = length;
        foreach (var number in (ReadOnlySpan<int>)[1, 0, TextOid, values.Count, 1])
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), number);
        }

        for (var i = 0; i < values.Count; i++)
        {
            Text(values[i]);
        }

        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(size), length - begin);
    }

    public void TextOrNull(string? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            Text(value);
        }
    }

    /// <summary>Sends what is left. Without this nothing of it is in the table.</summary>
    public async Task Complete(CancellationToken cancel)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), End);
        await Send(cancel);
        complete = true;
        await stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (complete)
        {
            return;
        }

        try
        {
            await stream.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection broke, or the server refused a row; whoever wrote the rows has been told.
        }
    }

    private async Task Send(CancellationToken cancel)
    {
        await stream.WriteAsync(buffer.AsMemory(0, length), cancel);
        length = 0;
    }

    private void Size(int bytes) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), bytes);

    /// <summary>A field of that many bytes, to be filled.</summary>
    private Span<byte> Field(int bytes)
    {
        Size(bytes);
        return Take(bytes);
    }

    private Span<byte> Take(int bytes)
    {
        if (length + bytes > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + bytes));
        }

        length += bytes;
        return buffer.AsSpan(length - bytes, bytes);
    }
}
