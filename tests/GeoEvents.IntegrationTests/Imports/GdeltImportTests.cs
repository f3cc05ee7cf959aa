using System.Text;

namespace GeoEvents.IntegrationTests.Imports;

public class GdeltImportTests(GeoEventsHost host)
{
    private const int ActorCountry = 7;
    private const int RecipientCountry = 17;
    private const int EventCode = 26;
    private const int Latitude = 56;
    private const int Longitude = 57;

    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>The counts were taken from the file by other means: columns 8 and 18 against ISO 3166-1 and the seven CAMEO codes that differ.</summary>
    [Fact]
    public async Task The_sample_loads_whole_and_says_what_became_of_its_rows()
    {
        var file = await Sample();
        var import = await workspace.Import(file, "?name=20180101000000.export.CSV");

        (import["state"].GetString(), import["format"].GetString(), import["name"].GetString()).ShouldBe(("completed", "gdelt2", "20180101000000.export.CSV"));
        Counts(import).ShouldBe((2414, 450, 0, 0, 1964, 0));
        import["skippedBy"].EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetInt32()).ShouldBe(
            new Dictionary<string, int> { ["no-first-state"] = 1053, ["no-second-state"] = 767, ["not-a-state"] = 17, ["same-state"] = 127 },
            ignoreOrder: true);

        var position = await workspace.Position();
        var again = await workspace.Import(file);
        Counts(again).ShouldBe((2414, 0, 450, 0, 1964, 0));
        (await workspace.Position()).ShouldBe(position, "the same file again changes nothing");
        (await workspace.Get("imports")).ShouldBe(200).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_row_becomes_an_incident_with_its_code_its_place_and_its_source()
    {
        var row = await Row();
        row[Latitude] = "40.4";
        row[Longitude] = "49.9";
        row[5] = "AZECOP";
        (row[52], row[53], row[51]) = ("Baku, Azerbaijan", "AJ", "4");
        Counts(await workspace.Import(Text(row))).ShouldBe((1, 1, 0, 0, 0, 0));

        var read = (await workspace.Get("incidents")).Items.Single();
        read.GetProperty("id").GetString().ShouldBe($"gdelt:{row[0]}");
        read.GetProperty("cameo").GetString().ShouldBe("112");
        read.GetProperty("occurred").GetString().ShouldBe($"{row[1][..4]}-{row[1][4..6]}-{row[1][6..]}");
        read.GetProperty("links").GetRawText().ShouldBe("""[{"actor":"AZE","recipient":"RUS","attribution":1,"actorRole":"COP"}]""");
        read.GetProperty("place").GetRawText().ShouldBe("""{"name":"Baku, Azerbaijan","country":"AZE","latitude":40.4,"longitude":49.9,"precision":"city"}""");
        read.GetProperty("intent").GetString().ShouldBe("deliberate");
        read.GetProperty("reports")[0].GetProperty("url").GetString().ShouldBe(row[60]);
        read.GetProperty("credibility").GetProperty("value").GetDouble().ShouldBe(0.5733, 1e-4, "its report is not graded; GDELT counted three sources");
        (await workspace.Get("sources/gdelt")).ShouldBe(200)["reliability"].GetString().ShouldBe("F");
    }

    [Fact]
    public async Task A_row_that_changed_upstream_corrects_its_incident_and_spares_what_analysts_corrected()
    {
        var row = await Row();
        await workspace.Import(Text(row));
        var id = $"gdelt:{row[0]}";
        (await workspace.Post($"incidents/{id}/corrections", new { reason = "better title", changes = new { title = "Ours" } }, ifMatch: "*")).ShouldBe(200);

        row[EventCode] = "173";
        Counts(await workspace.Import(Text(row))).ShouldBe((1, 0, 0, 1, 0, 0));

        var read = (await workspace.Get($"incidents/{id}")).ShouldBe(200);
        (read["cameo"].GetString(), read["version"].GetInt32()).ShouldBe(("173", 3));
        var history = (await workspace.Get($"incidents/{id}/history")).ShouldBe(200);
        history["entries.2.fact"].GetProperty("reason").GetString().ShouldBe("changed upstream");
        history["entries.2.fact"].GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("field").GetString()).ShouldContain("cameo");
        Counts(await workspace.Import(Text(row))).ShouldBe((1, 0, 1, 0, 0, 0));
    }

    [Fact]
    public async Task A_wrong_row_is_rejected_with_line_column_and_reason_and_the_others_are_taken()
    {
        var good = await Row();
        var rows = new List<string[]>();
        for (var i = 0; i < 8; i++)
        {
            rows.Add([.. good]);
            rows[i][0] = $"90000000{i}";
        }

        rows[1][0] = "x";
        rows[2][1] = "20179999";
        rows[3][EventCode] = "99";
        (rows[4][52], rows[4][Latitude], rows[4][Longitude]) = ("Nowhere", "95", "0");
        rows[5][59] = "today";
        rows[6][EventCode] = "";
        rows[7][1] = "29990101";
        var import = await workspace.Import(string.Concat(rows.Select(Text)));

        Counts(import).ShouldBe((8, 1, 0, 0, 0, 7));
        var rejections = (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).ShouldBe(200).Items;
        rejections.Select(r => $"{r.GetProperty("line").GetInt32()} {r.GetProperty("column").GetString()}").ShouldBe(
            ["2 GLOBALEVENTID", "3 SQLDATE", "4 EventCode", "5 ActionGeo_Lat", "6 DATEADDED", "7 EventCode", "8 /occurred"]);
        rejections.ShouldAllBe(r => r.GetProperty("reason").GetString()!.Length > 0);
        rejections[2].GetProperty("raw").GetString().ShouldBe(Text(rows[3]).TrimEnd('\n'));

        var first = (await workspace.Get($"imports/{import["id"].GetString()}/rejections?limit=4")).ShouldBe(200);
        (await workspace.Get(first.Link!.Split('<', '>')[1])).ShouldBe(200).Items.Select(r => r.GetProperty("line").GetInt32()).ShouldBe([6, 7, 8]);
    }

    /// <summary>Tabs gone, half a character, a line beyond any row, and a file that ends in the middle of one.</summary>
    [Fact]
    public async Task Damaged_lines_are_rejected_and_the_others_are_taken()
    {
        var (one, two) = (await Row(), await Row());
        two[0] = "900000001";
        byte[] file =
        [
            .. Encoding.UTF8.GetBytes(Text(one)),
            .. "a\tb\tc\n"u8,
            .. Encoding.UTF8.GetBytes(Text(one)[..^1]), 0xC3, 0x28, (byte)'\n',
            .. Encoding.UTF8.GetBytes(new string('y', (1 << 20) + 5)), (byte)'\n',
            .. "\n"u8,
            .. Encoding.UTF8.GetBytes(Text(two).Replace("\n", "\r\n")),
            .. Encoding.UTF8.GetBytes(Text(one)[..100]),
        ];
        var import = await workspace.Import(file);

        Counts(import).ShouldBe((6, 2, 0, 0, 0, 4));
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items
            .Select(r => $"{r.GetProperty("line").GetInt32()} {r.GetProperty("reason").GetString()}").ShouldBe(
            [
                "2 A row has 61 columns; this one has 3.",
                "3 The line is not valid UTF-8.",
                "4 The line is too long.",
                $"7 A row has 61 columns; this one has {Text(one)[..100].Count(c => c == '\t') + 1}.",
            ]);
    }

    [Fact]
    public async Task A_row_that_stands_twice_in_a_file_is_known_the_second_time_and_rejected_if_it_differs()
    {
        var row = await Row();
        var changed = row.ToArray();
        changed[EventCode] = "173";

        Counts(await workspace.Import(Text(row) + Text(row) + Text(changed))).ShouldBe((3, 1, 1, 0, 0, 1));
        Counts(await workspace.Import(Text(row) + Text(row) + Text(changed))).ShouldBe((3, 0, 2, 0, 0, 1));
        (await workspace.Get($"incidents/gdelt:{row[0]}"))["cameo"].GetString().ShouldBe(row[EventCode]);
    }

    private static (int Total, int Taken, int Known, int Changed, int Skipped, int Rejected) Counts(Reply import)
    {
        int Count(string name) => import[name].GetInt32();
        Count("total").ShouldBe(Count("taken") + Count("known") + Count("changed") + Count("skipped") + Count("rejected"), import.Text);
        import["skippedBy"].EnumerateObject().Sum(r => r.Value.GetInt32()).ShouldBe(Count("skipped"));
        return (Count("total"), Count("taken"), Count("known"), Count("changed"), Count("skipped"), Count("rejected"));
    }

    internal static Task<byte[]> Sample() =>
        File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "20180101000000.export.CSV"), TestContext.Current.CancellationToken);

    /// <summary>The first row of the sample, made one about a pair of states, without a place.</summary>
    private static async Task<string[]> Row()
    {
        var row = Encoding.UTF8.GetString(await Sample()).Split('\n')[0].Split('\t');
        (row[5], row[6], row[ActorCountry], row[15], row[16], row[RecipientCountry], row[EventCode]) = ("AZE", "BAKU", "AZE", "RUS", "MOSCOW", "RUS", "112");
        (row[51], row[52], row[53], row[Latitude], row[Longitude]) = ("", "", "", "", "");
        return row;
    }

    private static string Text(string[] row) => string.Join('\t', row) + '\n';
}
