using System.Globalization;
using System.Text;
using GeoEvents.Coding;

namespace GeoEvents.Benchmarks;

/// <summary>A file in the shape of GDELT 2.0, the same bytes for the same number of rows: 200 states, twenty years, every row between two states.</summary>
/// <remarks>
/// Dyads are drawn by Zipf's law with exponent 1.05, so that the first of them has about an eighth of all rows and most have a handful.
/// One row in fifty gives an earlier one again, with another code and a later DATEADDED: a correction.
/// </remarks>
public sealed class GdeltGenerator
{
    public const int Actors = 200;

    private const double Exponent = 1.05;
    private const int Years = 20;
    private const int RowsPerCorrection = 50;
    private const int MostMemory = 10_000;

    private static readonly DateTime First = new(2005, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Codes = ["010", "020", "036", "040", "042", "043", "046", "051", "057", "060", "071", "084", "100", "111", "112", "120", "130", "138", "150", "160", "163", "171", "173", "180", "190", "193", "194", "195"];
    private static readonly string[] Roles = ["", "", "", "", "", "GOV", "MIL", "COP", "MED", "BUS"];
    private static readonly string[] Places = ["Baku, Baki, Azerbaijan", "Yekaterinburg, Sverdlovskaya Oblast, Russia", "Geneva, Genève, Switzerland", "New York, New York, United States", "Ankara, Ankara, Turkey", "Paris, France (general), France", "Beijing, Beijing, China", "Tbilisi, T'bilisi, Georgia"];

    private readonly ActorCode[] states = [.. States.All.Select(s => s.Code).Where(c => States.OfCameo(c.ToString()) == c).Take(Actors)];
    private readonly double[] cumulated;
    private readonly (int One, int Other)[] dyads;
    private readonly Random random = new(20260701);

    public GdeltGenerator()
    {
        dyads = [.. from i in Enumerable.Range(0, Actors) from j in Enumerable.Range(i + 1, Actors - i - 1) select (i, j)];
        random.Shuffle(dyads);
        cumulated = new double[dyads.Length];
        var sum = 0.0;
        for (var i = 0; i < dyads.Length; i++)
        {
            cumulated[i] = sum += Math.Pow(i + 1, -Exponent);
        }
    }

    /// <summary>The dyad with most rows.</summary>
    public Dyad Busiest => Dyad.Between(states[dyads[0].One], states[dyads[0].Other]);

    public static string Write(string path, int rows)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        var generator = new GdeltGenerator();
        var earlier = new List<string[]>();
        for (var i = 0; i < rows; i++)
        {
            var day = First.AddDays((double)Years * 365.25 * i / rows);
            string[] row;
            if (i % RowsPerCorrection == RowsPerCorrection - 1)
            {
                row = (string[])earlier[generator.random.Next(earlier.Count)].Clone();
                (row[26], row[59]) = (generator.Pick(Codes), Added(day));
            }
            else
            {
                row = generator.Row(i, day);
                if (earlier.Count < MostMemory)
                {
                    earlier.Add(row);
                }
                else
                {
                    earlier[generator.random.Next(MostMemory)] = row;
                }
            }

            file.Write(string.Join('\t', row));
            file.Write('\n');
        }

        return path;
    }

    private string[] Row(int number, DateTime day)
    {
        var (one, other) = dyads[Drawn()];
        var (actor, recipient) = random.Next(2) == 0 ? (states[one], states[other]) : (states[other], states[one]);
        var (code, role) = (Pick(Codes), Pick(Roles));
        var place = random.Next(Places.Length);
        var row = new string[61];
        Array.Fill(row, "");
        row[0] = Text(400_000_000 + number);
        row[1] = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        (row[2], row[3], row[4]) = (row[1][..6], row[1][..4], Text(day.Year + (day.DayOfYear / 366.0)));
        (row[5], row[6], row[7]) = ($"{actor}{role}", $"{States.Find(actor)!.Name.ToUpperInvariant()}", actor.ToString());
        (row[15], row[16], row[17]) = (recipient.ToString(), States.Find(recipient)!.Name.ToUpperInvariant(), recipient.ToString());
        (row[25], row[26], row[27], row[28], row[29]) = ("1", code, code, code[..2], "1");
        (row[30], row[31], row[32], row[33], row[34]) = (Text(Math.Round((random.NextDouble() * 20) - 10, 1)), Text(random.Next(1, 40)), Text(random.Next(1, 6)), Text(random.Next(1, 40)), Text(Math.Round((random.NextDouble() * 20) - 10, 6)));
        foreach (var geo in (int[])[35, 43, 51])
        {
            (row[geo], row[geo + 1], row[geo + 2], row[geo + 5], row[geo + 6]) = ("4", Places[place], "AJ", Text(Math.Round((random.NextDouble() * 140) - 70, 4)), Text(Math.Round((random.NextDouble() * 340) - 170, 4)));
        }

        row[59] = Added(day);
        row[60] = $"https://news.example/{row[3]}/{row[1]}/{code}-{random.Next(1_000_000)}-a-headline-of-common-length.html";
        return row;
    }

    /// <summary>Index of a dyad, by its share.</summary>
    private int Drawn()
    {
        var at = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return Math.Min(at < 0 ? ~at : at, dyads.Length - 1);
    }

    private static string Added(DateTime day) => day.AddHours(1).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
