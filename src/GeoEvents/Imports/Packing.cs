using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Imports;

/// <summary>Files that come packed: gzip, or a zip with one file in it. Known by their first bytes.</summary>
public static class Packing
{
    private const int LocalHeader = 30;

    /// <summary>The file within, as a stream of which nothing is held but what is being read.</summary>
    /// <param name="file">Has to be able to seek: the directory of a zip stands at its end, and what a plain file begins with is read again.</param>
    /// <exception cref="UnreadableFileException">A zip that is damaged, encrypted, empty or holds several files. Reading throws it too where damage shows later.</exception>
    public static async Task<Stream> Unpack(Stream file, CancellationToken cancel)
    {
        var start = new byte[4];
        var length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel);
        file.Seek(0, SeekOrigin.Begin);
        try
        {
            return start.AsSpan(0, length) switch
            {
                [0x1F, 0x8B, ..] => new Unpacked(new GZipStream(file, CompressionMode.Decompress), "gzip"),
                [(byte)'P', (byte)'K', 3 or 5, 4 or 6] => await OnlyFile(file, cancel),
                _ => file,
            };
        }
        catch (InvalidDataException e)
        {
            throw new UnreadableFileException($"The zip archive is damaged: {e.Message}");
        }
    }

    /// <summary>As much of the beginning of the file within as the beginning of a packed file tells; the beginning itself if it is not packed.</summary>
    public static byte[] Beginning(byte[] packed)
    {
        Stream? within = packed switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(new MemoryStream(packed), CompressionMode.Decompress),
            [(byte)'P', (byte)'K', 3, 4, ..] when packed.Length >= LocalHeader => FirstEntry(packed),
            _ => null,
        };
        if (within is null)
        {
            return packed;
        }

        var (buffer, filled) = (new byte[packed.Length], 0);
        try
        {
            int read;
            while ((read = within.Read(buffer, filled, buffer.Length - filled)) > 0)
            {
                filled += read;
            }
        }
        catch (InvalidDataException)
        {
            // Cut off or damaged here: what came before tells enough, or the import will say what is wrong.
        }

        return buffer[..filled];
    }

    /// <summary>
    /// By the local header of a zip's first entry that is no folder: method at byte 8, lengths of name and extra field at 26 and 28, then name, extra field and data.
    /// </summary>
    private static Stream? FirstEntry(ReadOnlyMemory<byte> zip)
    {
        while (zip.Length > LocalHeader)
        {
            var header = zip.Span;
            var name = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
            var begin = LocalHeader + name + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            if (begin >= zip.Length)
            {
                return null;
            }

            if (name == 0 || header[LocalHeader + name - 1] != '/')
            {
                var data = new MemoryStream(zip[begin..].ToArray());
                return BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) switch
                {
                    0 => data,
                    8 => new DeflateStream(data, CompressionMode.Decompress),
                    _ => null,
                };
            }

            zip = zip[begin..];
        }

        return null;
    }

    private static async Task<Stream> OnlyFile(Stream file, CancellationToken cancel)
    {
        var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancel);
        var files = archive.Entries.Where(e => e.Name.Length > 0 && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        return files switch
        {
            [] => throw new UnreadableFileException("The zip archive holds no file."),
            [{ IsEncrypted: true }] => throw new UnreadableFileException("The file in the zip archive is encrypted."),
            [var only] => new Unpacked(await only.OpenAsync(cancel), "zip", only.Crc32),
            _ => throw new UnreadableFileException($"The zip archive holds {files.Count} files; load them one by one."),
        };
    }

    /// <summary>Says of damage that the file cannot be read, whatever read it.</summary>
    /// <param name="checksum">CRC-32 of the file within, where reading does not check it: for gzip .NET does, for zip it does not.</param>
    private sealed class Unpacked(Stream within, string kind, uint? checksum = null) : Stream
    {
        private readonly Crc32 crc = new();
        private long unpacked;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await within.ReadAsync(buffer, cancellationToken);
                unpacked += read;
                if (checksum is { } expected)
                {
                    crc.Append(buffer.Span[..read]);
                    if (read == 0 && buffer.Length > 0 && crc.GetCurrentHashAsUInt32() != expected)
                    {
                        throw new InvalidDataException("The checksum of the file in it is another.");
                    }
                }

                return read;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new UnreadableFileException($"The {kind} archive is damaged after {unpacked:N0} bytes of what is packed in it: {e.Message}");
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
