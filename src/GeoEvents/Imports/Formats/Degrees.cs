using System.Globalization;

namespace GeoEvents.Imports.Formats;

/// <summary>Latitudes and longitudes as feeds write them.</summary>
internal static class Degrees
{
    /// <param name="most">90 for a latitude, 180 for a longitude.</param>
    public static bool TryRead(string text, double most, out double? degrees)
    {
        degrees = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= most ? number : null;
        return degrees is not null;
    }
}
