using System.IO.Compression;
using GeoEvents.Imports.Mappings;

namespace GeoEvents.IntegrationTests.Imports;

public class MappedAndPackedImportTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_mapping_that_was_put_is_listed_read_and_used()
    {
        (await Put("mine", Mapping())).ShouldBe(200);
        (await workspace.Get("mappings")).ShouldBe(200).Items.Select(m => m.GetProperty("name").GetString()).ShouldBe(["mine", "acled", "ucdp-ged"]);
        (await workspace.Get("mappings/mine")).ShouldBe(200)["origin"].GetString().ShouldBe("x");

        var import = await workspace.Import("id;day;a;b\n1;2025-03-01;AZE;RUS\n2;soon;AZE;RUS\n3;2025-03-01;AZE;\n", "?mapping=mine");

        (import["format"].GetString(), import["taken"].GetInt32(), import["rejected"].GetInt32(), import["skippedBy.no-second-state"].GetInt32())
            .ShouldBe(("csv", 1, 1, 1), import.Text);
        (import["header"].GetString(), import["mapping.origin"].GetString()).ShouldBe(("id;day;a;b", "x"));
        (await workspace.Get("incidents/x:1"))["title"].GetString().ShouldBe("AZE → RUS");
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections"))["items.0.raw"].GetString().ShouldBe("2;soon;AZE;RUS");
    }

    [Fact]
    public async Task Mappings_that_are_wrong_or_not_there_are_refused()
    {
        (await Put("mine", new { origin = "x", id = "{id" })).ShouldBeProblem(400, "invalid-request", "/id malformed", "/links required");
        (await Put("NO", Mapping())).ShouldBeProblem(400, "invalid-request", "name malformed");
        (await workspace.Get("mappings/mine")).ShouldBeProblem(404, "mapping-not-found");
        (await workspace.PostRaw("imports?mapping=mine", "a\n")).ShouldBeProblem(400, "invalid-request", "mapping unknown-mapping");
        (await workspace.PostRaw("imports?format=csv", "a\n")).ShouldBeProblem(400, "invalid-request", "mapping required");
        (await workspace.PostRaw("imports?format=jsonl&mapping=acled", "a\n")).ShouldBeProblem(400, "invalid-request", "mapping contradiction");
        (await workspace.Import("a,b\n1,2\n", "?mapping=acled"))["failure"].GetString()!.ShouldContain("no column");
    }

    [Fact]
    public async Task A_shipped_mapping_is_read_as_it_ships() =>
        (await workspace.Get("mappings/ucdp-ged")).ShouldBe(200)["tables.gw.373"].GetString().ShouldBe(MappingEndpoints.Load("ucdp-ged").Tables["gw"]["373"]);

    /// <summary>Random ids, so that the archive has several pieces in the database and the zip's directory stands in the last.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_packed_file_is_unpacked_as_it_is_read(bool zip)
    {
        var file = await GdeltImportTests.Sample();
        var noise = new byte[(2 << 20) + 77];
        new Random(1).NextBytes(noise);
        byte[] whole = [.. file, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(noise).Insert(900_000, "\n").Insert(1_800_000, "\n"))];
        using var packed = new MemoryStream();
        using (var archive = zip ? new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true) : null)
        using (var to = archive?.CreateEntry("a.CSV").Open() ?? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            to.Write(whole);
        }

        var import = await workspace.Import(packed.ToArray());

        (import["format"].GetString(), import["state"].GetString()).ShouldBe(("gdelt2", "completed"), import.Text);
        (import["taken"].GetInt32(), import["total"].GetInt32(), import["rejected"].GetInt32()).ShouldBe((450, 2417, 3));
        import["bytes"].GetInt64().ShouldBe(packed.Length, "also of a zip, whose directory is not read with the rows");
    }

    [Fact]
    public async Task An_archive_that_is_damaged_fails_the_import_and_says_so()
    {
        var import = await workspace.Import([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], "?format=jsonl");

        import["state"].GetString().ShouldBe("failed");
        import["failure"].GetString()!.ShouldStartWith("The gzip archive is damaged after 0 bytes of what is packed in it");
    }

    [Fact]
    public async Task What_a_feed_counted_shows_in_the_credibility()
    {
        await workspace.Import("""{"id":"a","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}],"reports":[{"source":"w","independentSources":10}],"register":{"sources":[{"id":"w"}]}}""");

        var read = (await workspace.Get("incidents/a")).ShouldBe(200);
        read["credibility.value"].GetDouble().ShouldBe(0.65, 1e-4);
        (read["credibility.rule"].GetString(), read["credibility.countedSources"].GetInt32()).ShouldBe(("counted-sources", 10));
    }

    private static object Mapping() => new
    {
        origin = "x",
        source = new { id = "x" },
        delimiter = ";",
        id = "{id}",
        occurred = new { from = "{day}" },
        title = "{a} → {b}",
        type = "visit",
        links = new[] { new { actor = new { who = "{a}" }, recipient = new { who = "{b}" } } },
    };

    private Task<Reply> Put(string name, object mapping) => workspace.Send(HttpMethod.Put, $"mappings/{name}", JsonContent.Create(mapping));
}
