using System.IO.Compression;
using System.Text;
using static GeoEvents.IntegrationTests.Watching.Following;

namespace GeoEvents.IntegrationTests.Watching;

public sealed class FeedTests(GeoEventsHost host) : IAsyncLifetime
{
    private readonly Workspace workspace = host.NewWorkspace();
    private FeedSite site = null!;

    public async ValueTask InitializeAsync() => site = await FeedSite.Start();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task The_newest_file_is_taken_at_the_first_look_and_every_one_after_it_once()
    {
        site.Publish("20180101000000", await Row(1));
        var first = await workspace.Follow(site.Address + "lastupdate.txt");

        (first["address"].GetString(), first["state"].GetString(), first["format"].GetString()).ShouldBe((site.Address, "running", "gdelt2"));
        (first["lastTaken.name"].GetString(), first["waiting"].GetInt32(), first["lagSeconds"].GetInt32()).ShouldBe(("20180101000000.export.CSV", 0, 0));
        (first["cursor"].GetString(), first["from"].GetString()).ShouldBe(("2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z"));
        await workspace.Look();
        site.Publish("20180101001500", await Row(2));
        await workspace.Look();
        await workspace.Look();

        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed", "20180101001500: 1 taken, 0 changed"]);
        (await workspace.Get("incidents")).Ids.ShouldBe(["gdelt:900000001", "gdelt:900000002"], ignoreOrder: true);
        site.Asked.Count(n => n.EndsWith(".export.CSV", StringComparison.Ordinal)).ShouldBe(2, "a file that was taken is not fetched again");
        site.Asked.ShouldNotContain(n => n.Contains("mentions") || n.Contains("gkg"));
    }

    [Theory]
    [InlineData("missing", "There is no lastupdate.txt at")]
    [InlineData("broken", "answers with status 500")]
    [InlineData("empty", "is empty")]
    [InlineData("garbage", "Line 1 of lastupdate.txt is not a size, an MD5 and the address of a file")]
    [InlineData("half written", "Line 2 of lastupdate.txt is not")]
    [InlineData("without its files", "names no file that ends in .export.CSV")]
    [InlineData("silent", "did not answer within 1 seconds")]
    [InlineData("endless", "longer than the 1,048,576 bytes allowed")]
    [InlineData("elsewhere", "redirects to another host, localhost, which is not followed")]
    [InlineData("in a circle", "redirects more than 3 times")]
    public async Task A_list_that_is_not_as_it_should_be_is_a_failure_that_is_over_when_it_is_mended(string list, string reason)
    {
        var row = await Row(1);
        var line = site.Line("20180101000000.export.CSV", row);
        site.Answer("lastupdate.txt", list switch
        {
            "missing" => FeedSite.Status(404),
            "broken" => FeedSite.Status(500),
            "empty" => FeedSite.Text("\n"),
            "garbage" => FeedSite.Text("<html><body>Down for maintenance</body></html>\n"),
            "half written" => FeedSite.Text(line + line[..20]),
            "without its files" => FeedSite.Text(site.Line("20180101000000.gkg.csv", row)),
            "silent" => FeedSite.Never,
            "endless" => FeedSite.Chunked(new byte[2 << 20]),
            "elsewhere" => FeedSite.Redirect(site.Address.Replace("127.0.0.1", "localhost") + "lastupdate.txt"),
            "in a circle" => FeedSite.Redirect(site.Address + "lastupdate.txt"),
            _ => throw new ArgumentOutOfRangeException(nameof(list)),
        });
        var failed = await workspace.Follow(site.Address);

        failed["lastError"].GetString()!.ShouldContain(reason);
        (failed["failures"].GetInt32(), failed.Json.TryGetProperty("seenAt", out _)).ShouldBe((1, false));
        (failed["nextAttempt"].GetDateTimeOffset() - failed["lastErrorAt"].GetDateTimeOffset()).ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        (await workspace.Look())["failures"].GetInt32().ShouldBe(2);

        site.Publish("20180101000000", row);
        (await workspace.Look())["failures"].GetInt32().ShouldBe(0);
        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed"]);
    }

    [Theory]
    [InlineData("missing", "There is no such file.", false)]
    [InlineData("another size", "bytes announced", false)]
    [InlineData("another length", "bytes, not", false)]
    [InlineData("shorter", "bytes, not", false)]
    [InlineData("another content", "Its MD5 is", false)]
    [InlineData("endless", "bytes announced", false)]
    [InlineData("broken", "answers with status 503", true)]
    [InlineData("reset", "The connection broke after", true)]
    [InlineData("stalling", "Nothing came for 1 seconds, after", true)]
    [InlineData("elsewhere", "redirects to another host", true)]
    public async Task A_file_that_is_not_what_was_announced_is_not_taken_and_tried_again(string file, string reason, bool isTheSites)
    {
        var row = await Row(1);
        var name = site.Publish("20180101000000", row);
        site.Answer(name, file switch
        {
            "missing" => FeedSite.Status(404),
            "another size" => FeedSite.Chunked([.. row, (byte)'\n']),
            "another length" => FeedSite.Content([.. row, (byte)'\n']),
            "shorter" => FeedSite.Chunked(row[..^1]),
            "another content" => FeedSite.Content([.. row[..^1], (byte)' ']),
            "endless" => FeedSite.Chunked(new byte[5 << 20]),
            "broken" => FeedSite.Status(503),
            "reset" => FeedSite.HalfThenReset(row),
            "stalling" => FeedSite.HalfThenStall(row),
            "elsewhere" => FeedSite.Redirect("http://localhost:1/" + name),
            _ => throw new ArgumentOutOfRangeException(nameof(file)),
        });
        var failed = await workspace.Follow(site.Address);

        failed["lastError"].GetString()!.ShouldStartWith(name);
        failed["lastError"].GetString()!.ShouldContain(reason);
        (failed["waiting"].GetInt32(), failed["failures"].GetInt32()).ShouldBe((1, isTheSites ? 1 : 0), "a failing file does not keep from looking");
        failed["lagSeconds"].GetInt64().ShouldBeGreaterThan(86_400 * 365);
        (await workspace.Get("imports")).Items.ShouldBeEmpty();
        (await PiecesLeft(host.Service.Database, workspace.Name)).ShouldBe(0);

        site.Publish("20180101001500", await Row(2));
        (await workspace.Look())["lastTaken.name"].GetString().ShouldBe("20180101001500.export.CSV", "one file does not hold up the next");
        site.Answer(name, FeedSite.Content(row));
        var mended = await workspace.Look();
        (mended["waiting"].GetInt32(), mended["failures"].GetInt32(), mended["lagSeconds"].GetInt32()).ShouldBe((0, 0, 0));
        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed", "20180101001500: 1 taken, 0 changed"]);
    }

    [Fact]
    public async Task Of_what_is_listed_the_zips_of_events_are_taken_unless_said_otherwise()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await archive.CreateEntry("20180101000000.export.CSV").OpenAsync(TestContext.Current.CancellationToken);
            await entry.WriteAsync(await Row(1), TestContext.Current.CancellationToken);
        }

        var name = site.Publish("20180101000000", zip.ToArray(), ".export.CSV.zip");
        site.Answer("lastupdate.txt", FeedSite.Text(
            site.Line(name, zip.ToArray()) + site.Line("20180101000000.mentions.CSV.zip", [1]) + site.Line("20180101000000.gkg.csv.zip", [2])));
        (await workspace.Put(GdeltFeed, new { address = site.Address })).ShouldBe(201)["ending"].GetString().ShouldBe(".export.CSV.zip");
        await workspace.Rested();

        (await workspace.Get("imports")).Items.Select(i => i.GetProperty("name").GetString()).ShouldBe([name]);
        site.Asked.ShouldBe(["lastupdate.txt", name]);
    }

    [Fact]
    public async Task A_list_with_a_byte_order_mark_and_Windows_lines_is_read()
    {
        var row = await Row(1);
        site.Publish("20180101000000", row);
        site.Answer("lastupdate.txt", FeedSite.Text("\uFEFF" + site.Line("20180101000000.export.CSV", row).Replace("\n", "\r\n")));

        (await workspace.Follow(site.Address))["lastTaken.name"].GetString().ShouldBe("20180101000000.export.CSV");
    }

    [Fact]
    public async Task A_list_cannot_send_the_service_to_another_address()
    {
        var row = await Row(1);
        site.Answer("20180101000000.export.CSV", FeedSite.Content(row));
        site.Announce("20180101000000.export.CSV", row, "http://localhost:1/secret/../");

        (await workspace.Follow(site.Address))["waiting"].GetInt32().ShouldBe(0);
        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed"]);
    }

    [Fact]
    public async Task A_redirect_within_the_host_is_followed()
    {
        var row = await Row(1);
        var name = site.Publish("20180101000000", row);
        site.Answer("moved", FeedSite.Content(row));
        site.Answer(name, FeedSite.Redirect("/elsewhere/moved"));

        (await workspace.Follow(site.Address))["waiting"].GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_published_during_a_pause_is_taken_afterwards(bool listed)
    {
        site.Publish("20180101000000", await Row(1));
        await workspace.Follow(site.Address);
        (await workspace.Post($"{GdeltFeed}/pause", new { })).ShouldBe(200)["state"].GetString().ShouldBe("paused");
        site.Publish("20180101001500", await Row(2));
        site.Publish("20180101003000", await Row(3));
        site.Remove("20180101004500.export.CSV");
        site.Publish("20180101010000", await Row(4));
        if (listed)
        {
            site.PublishWholeList();
        }

        (await workspace.Post($"{GdeltFeed}/check-now", new { })).ShouldBeProblem(409, "feed-paused");
        (await workspace.Imports()).Count.ShouldBe(1);
        (await workspace.Post($"{GdeltFeed}/resume", new { })).ShouldBe(200)["state"].GetString().ShouldBe("running");
        var resumed = await workspace.Rested();

        (await workspace.Imports()).ShouldBe(
        [
            "20180101000000: 1 taken, 0 changed", "20180101001500: 1 taken, 0 changed", "20180101003000: 1 taken, 0 changed", "20180101010000: 1 taken, 0 changed",
        ]);
        resumed["waiting"].GetInt32().ShouldBe(listed ? 0 : 1, "nothing says whether there was one at a quarter to one");
        site.Asked.Clear();
        await workspace.Look();
        site.Asked.ShouldNotContain("masterfilelist.txt", "nothing was missed since");
        if (!listed)
        {
            await workspace.Look();
            var given = await workspace.Look();
            (given["waiting"].GetInt32(), given["givenUp"].GetInt32()).ShouldBe((1, 0), "check-now begins anew with it");
        }
    }

    [Fact]
    public async Task How_far_back_a_feed_reaches_is_said_when_it_is_made_and_can_be_changed()
    {
        for (var hour = 0; hour < 4; hour++)
        {
            site.Publish($"201801010{hour}0000", await Row(hour));
        }

        site.PublishWholeList();
        await workspace.Follow(site.Address, from: "2018-01-01T02:00:00Z");
        (await workspace.Imports()).ShouldBe(["20180101020000: 1 taken, 0 changed", "20180101030000: 1 taken, 0 changed"]);

        (await workspace.Put(GdeltFeed, new { address = site.Address, from = "2018-01-01T01:00:00Z", ending = ".export.CSV" })).ShouldBe(200);
        await workspace.Rested();
        (await workspace.Imports()).ShouldBe(["20180101010000: 1 taken, 0 changed", "20180101020000: 1 taken, 0 changed", "20180101030000: 1 taken, 0 changed"]);
    }

    [Fact]
    public async Task More_files_than_imports_can_follow_are_fetched_little_by_little()
    {
        for (var hour = 0; hour < 24; hour++)
        {
            site.Publish($"20180101{hour:00}0000", await Row(hour));
        }

        site.PublishWholeList();
        (await workspace.Put(GdeltFeed, new { address = site.Address, from = "2018-01-01", ending = ".export.CSV" })).ShouldBeProblem(400, "invalid-request", "/from malformed");
        await workspace.Follow(site.Address, from: "2018-01-01T00:00:00Z");
        await workspace.Until(feed => feed["waiting"].GetInt32() == 0);

        (await workspace.Imports()).Count.ShouldBe(24);
        (await workspace.Get("incidents?limit=100")).Items.Count.ShouldBe(24);
    }

    [Fact]
    public async Task A_file_that_upstream_changed_is_taken_again_and_corrects_what_it_brought()
    {
        site.Publish("20180101000000", await Row(1));
        await workspace.Follow(site.Address);
        await workspace.Imports();
        site.Publish("20180101000000", await Row(1, code: "173"));
        await workspace.Look();

        (await workspace.Imports()).ShouldBe(["20180101000000: 0 taken, 1 changed", "20180101000000: 1 taken, 0 changed"]);
        (await workspace.Get("incidents/gdelt:900000001"))["cameo"].GetString().ShouldBe("173");
    }

    [Fact]
    public async Task A_size_that_was_announced_wrong_is_put_right_by_the_next_list()
    {
        var row = await Row(1);
        var name = site.Publish("20180101000000", row);
        var line = site.Line(name, row);
        site.Answer("lastupdate.txt", FeedSite.Text("5" + line[line.IndexOf(' ')..]));
        (await workspace.Follow(site.Address))["lastError"].GetString()!.ShouldContain("not 5 as announced");

        site.Answer("lastupdate.txt", FeedSite.Text(line));

        (await workspace.Look())["waiting"].GetInt32().ShouldBe(0);
        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed"]);
    }

    [Fact]
    public async Task A_folder_is_followed_too_by_what_lies_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("feed");
        try
        {
            await Drop("20180101000000.export.CSV", await Row(1), age: 60);
            await Drop("20180101001500.export.CSV", await Row(2), age: 60);
            await Drop("20180101003000.export.CSV", await Row(3), age: 0);
            await Drop("notes.txt", "not for us"u8.ToArray(), age: 60);
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "passwd.export.CSV"), "/etc/passwd");
            await workspace.Follow(folder.FullName);
            (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed", "20180101001500: 1 taken, 0 changed"], "one may still be growing");

            File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "20180101003000.export.CSV"), Written(60));
            await Drop("20180101000000.export.CSV", [.. await Row(1, code: "173"), .. await Row(4)], age: 30);
            await workspace.Look();
            await workspace.Look();
            (await workspace.Imports()).ShouldBe(
            [
                "20180101000000: 1 taken, 0 changed", "20180101000000: 1 taken, 1 changed", "20180101001500: 1 taken, 0 changed", "20180101003000: 1 taken, 0 changed",
            ]);

            folder.Delete(recursive: true);
            (await workspace.Look())["lastError"].GetString()!.ShouldContain("cannot be read");
        }
        finally
        {
            if (Directory.Exists(folder.FullName))
            {
                folder.Delete(recursive: true);
            }
        }

        async Task Drop(string name, byte[] content, int age)
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(path, Written(age));
        }

        static DateTime Written(int age) => (TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(age)).UtcDateTime;
    }

    [Fact]
    public async Task A_folder_with_a_list_is_checked_against_it()
    {
        var folder = Directory.CreateTempSubdirectory("feed");
        try
        {
            var row = await Row(1);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "20180101000000.export.CSV"), [.. row[..^1], (byte)' '], TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "lastupdate.txt"), site.Line("20180101000000.export.CSV", row), TestContext.Current.CancellationToken);

            (await workspace.Follow(folder.FullName))["lastError"].GetString()!.ShouldContain("Its MD5 is");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_feed_that_is_removed_is_not_looked_at_any_more_and_what_it_brought_stays()
    {
        site.Publish("20180101000000", await Row(1));
        await workspace.Follow(site.Address);
        (await workspace.Delete(GdeltFeed)).ShouldBe(204);
        (await workspace.Delete(GdeltFeed)).ShouldBeProblem(404, "feed-not-found");
        (await workspace.Get(GdeltFeed)).ShouldBeProblem(404, "feed-not-found");

        (await workspace.Get("feeds")).ShouldBe(200).Items.ShouldBeEmpty();
        (await workspace.Imports()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"address":""}""", "/address required")]
    [InlineData("""{"address":"ftp://example.org/"}""", "/address malformed")]
    [InlineData("""{"address":"http://ada:pw@example.org/"}""", "/address malformed")]
    [InlineData("""{"address":"http://example.org/?a=b"}""", "/address malformed")]
    [InlineData("""{"address":"relative/folder"}""", "/address malformed")]
    [InlineData("""{"address":"/no/such/folder"}""", "/address unknown-folder")]
    [InlineData("""{"address":"http://example.org/","format":"xml"}""", "/format unknown-format")]
    [InlineData("""{"address":"http://example.org/","ending":"../x"}""", "/ending malformed")]
    [InlineData("""{"address":"http://example.org/","intervalSeconds":4}""", "/intervalSeconds out-of-range")]
    [InlineData("""{"address":"http://example.org/","from":"2999-01-01T00:00:00Z"}""", "/from out-of-range")]
    public async Task What_cannot_be_followed_is_refused_with_the_field(string draft, string fault)
    {
        var content = new StringContent(draft, Encoding.UTF8, "application/json");
        (await workspace.Send(HttpMethod.Put, GdeltFeed, content)).ShouldBeProblem(400, "invalid-request", fault);
        (await workspace.Put("feeds/No_name", new { address = site.Address })).ShouldBeProblem(400, "invalid-request", "feed malformed");
        (await workspace.Get("feeds")).Items.ShouldBeEmpty();
    }
}
