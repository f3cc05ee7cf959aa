namespace GeoEvents.Coding;

/// <summary>Words of estimative probability.</summary>
/// <remarks>Source: Intelligence Community Directive 203, Analytic Standards (2015), D.6.e(2)(a): the table of likelihood terms.</remarks>
public static class Icd203
{
    private static readonly (double Above, string Words)[] Scale =
    [
        (0.95, "almost certain"),
        (0.80, "very likely"),
        (0.55, "likely"),
        (0.45, "roughly even chance"),
        (0.20, "unlikely"),
        (0.05, "very unlikely"),
        (double.NegativeInfinity, "almost no chance"),
    ];

    /// <summary>Whether it is a lowest and a highest probability, each 0 to 1.</summary>
    public static bool IsRange(IReadOnlyList<double> likelihood) => likelihood is [var low, var high] && 0 <= low && low <= high && high <= 1;

    /// <summary>The term for a range of probability; two terms where it spans several. A limit belongs to the term that lies within the range.</summary>
    /// <param name="low">0 to 1.</param>
    /// <param name="high">0 to 1, not below <paramref name="low"/>.</param>
    public static string Words(double low, double high)
    {
        var from = Scale.First(s => low > s.Above || (low == s.Above && low < high)).Words;
        var to = Scale.First(s => high > s.Above).Words;
        return from == to ? from : $"{from} to {to}";
    }
}
