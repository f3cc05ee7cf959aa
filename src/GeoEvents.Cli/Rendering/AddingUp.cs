namespace GeoEvents.Cli.Rendering;

/// <summary>Rounds the steps from one number to another for print.</summary>
public static class AddingUp
{
    private const int Digits = 2;

    /// <summary>
    /// Each step to two digits, off by at most one in the last, so that as printed they add up to the difference of start and end as printed:
    /// what is rounded is the sum so far, and a step is printed as the difference of two such sums.
    /// </summary>
    public static IReadOnlyList<double> Rounded(double start, IEnumerable<double> steps)
    {
        var rounded = new List<double>();
        var (exact, printed) = (start, Math.Round(start, Digits));
        foreach (var step in steps)
        {
            exact += step;
            rounded.Add(Math.Round(exact, Digits) - printed);
            printed = Math.Round(exact, Digits);
        }

        return rounded;
    }
}
