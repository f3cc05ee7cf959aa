using System.IO.Compression;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Tests.Imports;

public class PackingTests
{
    private static readonly byte[] Sample = Reading.Gdelt2();

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zip")]
    [InlineData("stored zip")]
    public async Task A_file_is_the_same_however_it_is_packed(string how)
    {
        var packed = Pack(how, Sample);

        (await Unpacked(packed)).ShouldBe(Sample);
        ImportFormats.Detect(Packing.Beginning(packed[..Math.Min(packed.Length, 64 << 10)]))!.Name.ShouldBe("gdelt2");
    }

    [Fact]
    public async Task An_empty_file_is_empty() => (await Unpacked([])).ShouldBeEmpty();

    [Theory]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task An_archive_that_is_cut_off_cannot_be_read(string how) =>
        (await Should.ThrowAsync<UnreadableFileException>(() => Unpacked(Pack(how, Sample)[..10_000]))).Message.ShouldContain("damaged");

    [Theory]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task An_archive_that_is_damaged_cannot_be_read(string how)
    {
        var packed = Pack(how, Sample);
        packed.AsSpan(5_000, 200).Fill(0xFF);

        (await Should.ThrowAsync<UnreadableFileException>(() => Unpacked(packed))).Message.ShouldMatch(
            @$"\AThe {how} archive is damaged after [1-9][0-9,]* bytes of what is packed in it");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("stored zip")]
    public async Task One_letter_that_was_changed_in_an_archive_is_noticed(string how)
    {
        var packed = Pack(how, Sample);
        packed[5_000] ^= 1;

        (await Should.ThrowAsync<UnreadableFileException>(() => Unpacked(packed))).Message.ShouldContain("damaged");
    }

    [Theory]
    [InlineData(0, "no file")]
    [InlineData(2, "2 files")]
    public async Task A_zip_holds_one_file(int files, string reason) =>
        (await Should.ThrowAsync<UnreadableFileException>(() => Unpacked(Zip(CompressionLevel.Fastest, [.. Enumerable.Repeat(Sample, files)])))).Message.ShouldContain(reason);

    private static byte[] Pack(string how, byte[] file)
    {
        switch (how)
        {
            case "zip":
                return Zip(CompressionLevel.Fastest, file);
            case "stored zip":
                return Zip(CompressionLevel.NoCompression, file);
            case "gzip":
                using (var packed = new MemoryStream())
                {
                    using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
                    {
                        gzip.Write(file);
                    }

                    return packed.ToArray();
                }

            default:
                return file;
        }
    }

    private static byte[] Zip(CompressionLevel level, params byte[][] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            zip.CreateEntry("folder/");
            for (var i = 0; i < files.Length; i++)
            {
                using var entry = zip.CreateEntry($"folder/{i}.csv", level).Open();
                entry.Write(files[i]);
            }
        }

        return packed.ToArray();
    }

    private static async Task<byte[]> Unpacked(byte[] packed)
    {
        await using var stream = await Packing.Unpack(new MemoryStream(packed), TestContext.Current.CancellationToken);
        using var whole = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}
