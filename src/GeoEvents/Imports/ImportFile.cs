using GeoEvents.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Imports;

/// <summary>The file of an import, kept in the database in pieces, so that any node can read it and a crash loses nothing.</summary>
public static class ImportFile
{
    /// <summary>Bytes.</summary>
    public const long Largest = 4L << 30;

    private const int Piece = 1 << 20;

    /// <summary>Writes a file within the connection's transaction.</summary>
    /// <param name="beginning">Bytes of the file that were read already.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="RefusedException">It is larger than <see cref="Largest"/> (413).</exception>
    public static async Task<long> Write(
        NpgsqlConnection connection, string workspace, Guid import, ReadOnlyMemory<byte> beginning, Stream rest, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy geo.import_chunk (workspace, import, no, data) from stdin (format binary)", cancel);
        var buffer = new byte[Piece];
        var (no, length, filled) = (0, 0L, 0);
        beginning.CopyTo(buffer);
        filled = beginning.Length;
        while (true)
        {
            var read = await rest.ReadAtLeastAsync(buffer.AsMemory(filled), Piece - filled, throwOnEndOfStream: false, cancel);
            filled += read;
            if (filled == 0)
            {
                break;
            }

            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(workspace, cancel);
            await copy.WriteAsync(import, cancel);
            await copy.WriteAsync(no++, cancel);
            await copy.WriteAsync((ReadOnlyMemory<byte>)buffer.AsMemory(0, filled), NpgsqlDbType.Bytea, cancel);
            length += filled;
            if (length > Largest)
            {
                throw new RefusedException("too-large", $"A file is at most {Largest >> 30} GiB.", StatusCodes.Status413PayloadTooLarge);
            }

            var full = filled == Piece;
            filled = 0;
            if (!full)
            {
                break;
            }
        }

        await copy.CompleteAsync(cancel);
        return length;
    }

    /// <summary>Throws away the file, and what was noted of it while it was read.</summary>
    public static async Task Delete(NpgsqlDataSource database, string workspace, Guid import)
    {
        await using var batch = database.CreateBatch();
        foreach (var table in new[] { "import_chunk", "import_seen" })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from geo.{table} where workspace = $1 and import = $2")
            {
                Parameters = { new() { Value = workspace }, new() { Value = import } },
            });
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Reads the file from its beginning or from wherever is sought, a piece at a time.</summary>
    public static async Task<Stream> Open(NpgsqlDataSource database, string workspace, Guid import, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select coalesce(sum(length(data)), 0) from geo.import_chunk where workspace = $1 and import = $2");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = import });
        return new Pieces(database, workspace, import, (long)(await command.ExecuteScalarAsync(cancel))!);
    }

    private sealed class Pieces(NpgsqlDataSource database, string workspace, Guid import, long length) : Stream
    {
        private byte[] piece = [];
        private int no = -1;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Missing() is { } needed)
            {
                await using var command = Select(needed);
                (piece, no) = ((byte[])(await command.ExecuteScalarAsync(cancellationToken))!, needed);
            }

            return Take(buffer.Span);
        }

        /// <summary>A zip's directory is read so.</summary>
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Missing() is { } needed)
            {
                using var command = Select(needed);
                (piece, no) = ((byte[])command.ExecuteScalar()!, needed);
            }

            return Take(buffer.AsSpan(offset, count));
        }

        /// <summary>Every piece but the last is full, so where a byte stands says which piece has it.</summary>
        /// <returns>Null if it is at hand, or at the end.</returns>
        private int? Missing() => Position < length && no != (int)(Position / Piece) ? (int)(Position / Piece) : null;

        private NpgsqlCommand Select(int needed)
        {
            var command = database.CreateCommand("select data from geo.import_chunk where workspace = $1 and import = $2 and no = $3");
            command.Parameters.Add(new() { Value = workspace });
            command.Parameters.Add(new() { Value = import });
            command.Parameters.Add(new() { Value = needed });
            return command;
        }

        private int Take(Span<byte> buffer)
        {
            if (Position >= length)
            {
                return 0;
            }

            var from = (int)(Position % Piece);
            var count = Math.Min(buffer.Length, piece.Length - from);
            piece.AsSpan(from, count).CopyTo(buffer);
            Position += count;
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => length,
        };

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
