using System.Net;
using System.Text;

namespace GeoEvents.Tests.Cli;

public sealed class ExportCommandTests : IDisposable
{
    private const string Lines = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n";

    private readonly string folder = Directory.CreateTempSubdirectory("geoevents-export-").FullName;

    private string Path => System.IO.Path.Combine(folder, "record.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Without_a_file_it_goes_to_standard_output_byte_by_byte()
    {
        var shell = new Shell().Streams(Lines, "application/x-ndjson");

        (await shell.Run("export", "--format", "jsonl", "--dyad", "rus-aze", "--known-as-of", "2025-06-29", "--text", "police raid")).ShouldBe(0, shell.Error);

        shell.Bytes.ToArray().ShouldBe(Encoding.UTF8.GetBytes(Lines));
        (shell.Output, shell.Error).ShouldBe(("", ""));
        shell.Asked.Single().Address.ShouldEndWith("/api/v1/main/exports/incidents?format=jsonl&dyad=RUS-AZE&text=police%20raid&knownAsOf=2025-06-29");
    }

    [Fact]
    public async Task A_file_is_there_once_it_is_whole_and_what_it_shows_is_said()
    {
        var shell = new Shell().Streams(Lines, "application/x-ndjson", ("GeoEvents-Shown", "Workspace main, as known at position 31"));

        (await shell.Run("export", "incidents", "-o", Path)).ShouldBe(0, shell.Error);

        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(Lines);
        Directory.GetFiles(folder).ShouldBe([Path]);
        shell.Output.ShouldBe("");
        shell.Error.ShouldBe($"Wrote {Path}, 22 bytes.\nWorkspace main, as known at position 31\n");
    }

    [Fact]
    public async Task An_archive_is_the_log_up_to_a_point_and_takes_no_selection()
    {
        var shell = new Shell().Streams(Lines, "application/jsonl");

        (await shell.Run("export", "archive", "-o", Path, "--known-as-of", "31")).ShouldBe(0, shell.Error);

        shell.Asked.Single().Address.ShouldEndWith("/api/v1/main/log/archive?knownAsOf=31");
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(Lines);
        foreach (var selecting in new[] { "--dyad", "--format", "--valid-as-of", "--overlay" })
        {
            (await shell.Run("export", "archive", selecting, selecting == "--format" ? "csv" : "x")).ShouldBe(2);
            shell.Error.ShouldEndWith($"An archive has every fact up to --known-as-of; it takes no {selecting}.\n");
        }

        shell.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_there_is_written_over_by_force_only()
    {
        await File.WriteAllTextAsync(Path, "mine", TestContext.Current.CancellationToken);
        var shell = new Shell().Streams(Lines, "application/x-ndjson");

        (await shell.Run("export", "-o", Path)).ShouldBe(2);
        shell.Asked.ShouldBeEmpty();
        shell.Error.ShouldBe($"'{Path}' is there already. Write over it with --force.\n");
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe("mine");

        (await shell.Run("export", "-o", Path, "--force")).ShouldBe(0, shell.Error);
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(Lines);
    }

    [Fact]
    public async Task What_breaks_off_leaves_no_file_and_the_old_one_as_it_was()
    {
        await File.WriteAllTextAsync(Path, "mine", TestContext.Current.CancellationToken);
        var shell = new Shell().Breaks(Lines);

        (await shell.Run("export", "-o", Path, "--force")).ShouldBe(4);

        shell.Error.ShouldContain("broke before the file was whole");
        Directory.GetFiles(folder).ShouldBe([Path]);
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe("mine");
    }

    [Fact]
    public async Task A_refusal_is_told_and_leaves_no_file()
    {
        var shell = new Shell().Answers(
            """{"type":"urn:geoevents:problem:overlay-not-found","title":"There is no such thing on record.","status":404,"detail":"There is no overlay 'x'."}""", HttpStatusCode.NotFound);

        (await shell.Run("export", "-o", Path, "--overlay", "x")).ShouldBe(5);

        shell.Error.ShouldContain("There is no overlay 'x'.");
        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_there_is_told_as_ever()
    {
        var shell = new Shell().Fails(new HttpRequestException(HttpRequestError.ConnectionError));

        (await shell.Run("export")).ShouldBe(4);

        shell.Error.ShouldContain("No GeoEvents service answers");
    }

    [Theory]
    [InlineData("--format", "xml")]
    [InlineData("mars")]
    [InlineData("-o", "/no/such/folder/file")]
    [InlineData("-o", "/")]
    public async Task Wrong_usage_ends_with_2_and_asks_nobody(params string[] args)
    {
        var shell = new Shell();

        (await shell.Run(["export", .. args])).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
        shell.Error.ShouldNotBeEmpty();
    }
}
