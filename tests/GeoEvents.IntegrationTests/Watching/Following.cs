using System.Diagnostics;
using System.Text;
using GeoEvents.IntegrationTests.Imports;

namespace GeoEvents.IntegrationTests.Watching;

/// <summary>What tests of feeds do with a workspace; its feed is called <c>gdelt</c>.</summary>
internal static class Following
{
    public const string GdeltFeed = "feeds/gdelt";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Follows an address and waits for the first look to be over.</summary>
    public static async Task<Reply> Follow(this Workspace workspace, string address, string? from = null, string ending = ".export.CSV")
    {
        (await workspace.Put(GdeltFeed, new { address, from, ending })).ShouldBe(201);
        return await workspace.Rested();
    }

    /// <summary>Has the feed looked at, and waits for that to be over.</summary>
    public static async Task<Reply> Look(this Workspace workspace)
    {
        await workspace.Rested();
        (await workspace.Post($"{GdeltFeed}/check-now", new { })).ShouldBe(200);
        return await workspace.Rested();
    }

    /// <summary>The feed once no look is due or under way.</summary>
    public static Task<Reply> Rested(this Workspace workspace) =>
        workspace.Until(feed => feed["nextAttempt"].GetDateTimeOffset() > TimeProvider.System.GetUtcNow());

    public static async Task<Reply> Until(this Workspace workspace, Func<Reply, bool> holds)
    {
        for (var waiting = Stopwatch.StartNew(); ; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            var feed = (await workspace.Get(GdeltFeed)).ShouldBe(200);
            if (holds(feed))
            {
                return feed;
            }

            (waiting.Elapsed < Patience).ShouldBeTrue($"That did not come: {feed.Text}");
        }
    }

    /// <summary>The imports of the workspace, once they have ended, by name of the file and rows taken and changed; by name.</summary>
    public static async Task<IReadOnlyList<string>> Imports(this Workspace workspace)
    {
        var ended = new List<string>();
        foreach (var import in (await workspace.Get("imports")).ShouldBe(200).Items)
        {
            var end = await workspace.Ended(import.GetProperty("id").GetString()!);
            ended.Add($"{end["name"].GetString()!.Split('.')[0]}: {end["taken"]} taken, {end["changed"]} changed");
        }

        return [.. ended.Order(StringComparer.Ordinal)];
    }

    /// <summary>A GDELT file of one row about a pair of states.</summary>
    /// <param name="id">Of its row.</param>
    public static async Task<byte[]> Row(int id, string code = "112")
    {
        var row = Encoding.UTF8.GetString(await GdeltImportTests.Sample()).Split('\n')[0].Split('\t');
        (row[0], row[5], row[7], row[15], row[17], row[26]) = ($"{900_000_000 + id}", "AZE", "AZE", "RUS", "RUS", code);
        (row[51], row[52], row[53], row[56], row[57]) = ("", "", "", "", "");
        return Encoding.UTF8.GetBytes(string.Join('\t', row) + '\n');
    }

    /// <summary>Pieces of files that no import reads.</summary>
    public static async Task<long> PiecesLeft(string database, string workspace)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select count(*) from geo.import_chunk where workspace = $1");
        command.Parameters.Add(new() { Value = workspace });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
