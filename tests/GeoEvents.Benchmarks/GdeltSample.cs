using System.Text;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Benchmarks;

/// <summary>Fifteen minutes of GDELT, repeated as often as wanted under ids of their own.</summary>
public static class GdeltSample
{
    private static readonly string[] Rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "gdelt.tsv"));

    private static long lastId = 1_000_000_000;

    /// <summary>A file of that many rows; no id comes twice in a run.</summary>
    public static byte[] Repeated(int rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            var row = Rows[i % Rows.Length];
            text.Append(++lastId).Append(row.AsSpan(row.IndexOf('\t'))).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A file of that many rows, each about two states: what the sample says, between pairs of the codes that it names.</summary>
    public static byte[] BetweenStates(int rows)
    {
        var text = new StringBuilder();
        string[] states = [.. Rows.Select(r => r.Split('\t')[7]).Where(c => States.OfCameo(c) is not null).Distinct()];
        for (var i = 0; i < rows; i++)
        {
            var row = Rows[i % Rows.Length].Split('\t');
            row[0] = $"{++lastId}";
            (row[5], row[7]) = Between(row[5], row[7], states[i * 7 % states.Length]);
            (row[15], row[17]) = Between(row[15], row[17], states[((i * 7) + 1) % states.Length]);
            text.AppendJoin('\t', row).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        static (string Code, string Country) Between(string code, string country, string state) =>
            (state + (country.Length > 0 ? code.Replace(country, "", StringComparison.Ordinal) : code), state);
    }

    /// <summary>The incidents of the sample, as the importer reads them.</summary>
    public static async Task<IReadOnlyList<IncidentDraft>> Drafts(byte[] file)
    {
        var drafts = new List<IncidentDraft>();
        await foreach (var rows in GdeltFormat.Version2.Read(new MemoryStream(file), passOver: 0, CancellationToken.None))
        {
            drafts.AddRange(rows.OfType<IncidentRow>().Select(r => r.Draft));
        }

        return drafts;
    }

    /// <summary>The fact that the log holds of an incident.</summary>
    public static IncidentLogged Fact(IncidentDraft draft)
    {
        var source = new Source(1, "gdelt", "GDELT Project", Reliability.F, "gdelt", null, null);
        return new IncidentLogged(
            draft.Named(draft.Id), [.. draft.Reports.Select((r, i) => source.Report($"r{i + 1}", r))], IncidentFields.Digest(draft.Named(draft.Id), draft.Reports));
    }

    public static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), GeoJson.Options);
}
