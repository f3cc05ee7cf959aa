using System.Text;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Tests.Imports;

/// <summary>Reads files with a format as an import does.</summary>
internal static class Reading
{
    public static async Task<List<ImportRow>> Rows(IImportFormat format, byte[] file, long passOver = 0)
    {
        var rows = new List<ImportRow>();
        await foreach (var some in format.Read(new MemoryStream(file), passOver, TestContext.Current.CancellationToken))
        {
            rows.AddRange(some);
        }

        return rows;
    }

    public static Task<List<ImportRow>> Rows(IImportFormat format, string file, long passOver = 0) => Rows(format, Encoding.UTF8.GetBytes(file), passOver);

    /// <summary>What became of the rows: how many incidents, how many skipped by each reason, how many rejected by each.</summary>
    public static SortedDictionary<string, int> Counts(IEnumerable<ImportRow> rows) => new(rows.CountBy(row => row switch
    {
        SkippedRow skipped => skipped.Reason,
        RejectedRow rejected => $"rejected: {rejected.Column} {rejected.Reason}",
        _ => "incidents",
    }).ToDictionary());

    /// <summary>The sample of GDELT 2.0 that is shipped with the tests.</summary>
    public static byte[] Gdelt2() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "20180101000000.export.CSV"));

    /// <summary>A sample that may not be shipped, from the folder that the environment names; without it the test is skipped and says so.</summary>
    public static byte[] Unshipped(string path)
    {
        var folder = Environment.GetEnvironmentVariable("GEOEVENTS_TEST_FEEDS");
        Assert.SkipWhen(folder is null, $"Set GEOEVENTS_TEST_FEEDS to the folder in which {path} lies.");
        return File.ReadAllBytes(Path.Combine(folder!, path));
    }
}
