using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GeoEvents.Hosting;

/// <summary>JSON in the one form that is hashed: properties sorted, no white space, numbers and strings written in one way.</summary>
/// <remarks>
/// The JSON Canonicalization Scheme, RFC 8785. Two documents that say the same have the same bytes, whether they come from our serializer or from a
/// <c>jsonb</c> column, which keeps neither the order of properties nor the writing of numbers. Numbers are IEEE 754 doubles, as there.
/// </remarks>
public static class CanonicalJson
{
    /// <exception cref="JsonException">Not JSON.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(json.Length, 16));
        Write(json, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">Not JSON.</exception>
    public static void Write(ReadOnlyMemory<byte> json, IBufferWriter<byte> to)
    {
        using var document = JsonDocument.Parse(json);
        Write(document.RootElement, to);
    }

    public static void Write(JsonElement element, IBufferWriter<byte> to)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, to);
                break;
            case JsonValueKind.Array:
                var separator = "["u8;
                foreach (var item in element.EnumerateArray())
                {
                    to.Write(separator);
                    Write(item, to);
                    separator = ","u8;
                }

                to.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
                break;
            case JsonValueKind.String:
                WriteString(JsonMarshal.GetRawUtf8Value(element)[1..^1], element, to);
                break;
            case JsonValueKind.Number:
                WriteNumber(element, to);
                break;
            default:
                to.Write(JsonMarshal.GetRawUtf8Value(element));
                break;
        }
    }

    /// <summary>A string as it stands between quotes in canonical JSON, quotes included.</summary>
    public static void WriteString(string text, IBufferWriter<byte> to)
    {
        to.Write("\""u8);
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= ' ' and not '"' and not '\\')
            {
                continue;
            }

            Encoding.UTF8.GetBytes(text.AsSpan(from, i - from), to);
            from = i + 1;
            Encoding.UTF8.GetBytes(
                text[i] switch
                {
                    '"' => "\\\"",
                    '\\' => @"\\",
                    '\b' => "\\b",
                    '\t' => "\\t",
                    '\n' => "\\n",
                    '\f' => "\\f",
                    '\r' => "\\r",
                    var control => $"\\u{(int)control:x4}",
                },
                to);
        }

        Encoding.UTF8.GetBytes(text.AsSpan(from), to);
        to.Write("\""u8);
    }

    private static void WriteObject(JsonElement element, IBufferWriter<byte> to)
    {
        var properties = new List<JsonProperty>();
        foreach (var property in element.EnumerateObject())
        {
            properties.Add(property);
        }

        properties.Sort(InOrderOfNames);
        var separator = "{"u8;
        foreach (var property in properties)
        {
            to.Write(separator);
            separator = ","u8;
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            if (raw.Contains((byte)'\\'))
            {
                WriteString(property.Name, to);
            }
            else
            {
                Quoted(raw, to);
            }

            to.Write(":"u8);
            Write(property.Value, to);
        }

        to.Write(properties.Count == 0 ? "{}"u8 : "}"u8);
    }

    /// <remarks>By UTF-16 code units (RFC 8785, section 3.2.3), which is the order of bytes where all are ASCII.</remarks>
    private static int InOrderOfNames(JsonProperty one, JsonProperty other)
    {
        var a = JsonMarshal.GetRawUtf8PropertyName(one);
        var b = JsonMarshal.GetRawUtf8PropertyName(other);
        return Ascii.IsValid(a) && Ascii.IsValid(b) && !a.Contains((byte)'\\') && !b.Contains((byte)'\\')
            ? a.SequenceCompareTo(b)
            : string.CompareOrdinal(one.Name, other.Name);
    }

    /// <summary>A text without an escape is written as it is; it holds neither quotes nor control characters.</summary>
    private static void WriteString(ReadOnlySpan<byte> raw, JsonElement element, IBufferWriter<byte> to)
    {
        if (raw.Contains((byte)'\\'))
        {
            WriteString(element.GetString()!, to);
        }
        else
        {
            Quoted(raw, to);
        }
    }

    private static void Quoted(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        to.Write("\""u8);
        to.Write(text);
        to.Write("\""u8);
    }

    private static void WriteNumber(JsonElement element, IBufferWriter<byte> to)
    {
        const int ExactDigits = 15;
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (raw.Length <= ExactDigits && raw[0] != '-' && !raw.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            to.Write(raw);
        }
        else
        {
            Encoding.UTF8.GetBytes(NumberText(element.GetDouble()), to);
        }
    }

    /// <summary>The shortest text that reads back as the same number, laid out as <c>Number.prototype.toString</c> of ECMA-262 does.</summary>
    public static string NumberText(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        // Digits d₁d₂…dₖ and n with number = 0.d₁d₂…dₖ · 10ⁿ.
        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var (whole, all) = (parts[0].Split('.')[0].Length, parts[0].Replace(".", "", StringComparison.Ordinal));
        var significant = all.TrimStart('0');
        var n = whole - (all.Length - significant.Length) + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var digits = significant.TrimEnd('0');
        var text = n switch
        {
            > 0 and <= 21 when digits.Length <= n => digits.PadRight(n, '0'),
            > 0 and <= 21 => $"{digits[..n]}.{digits[n..]}",
            > -6 and <= 0 => $"0.{new string('0', -n)}{digits}",
            _ => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(n > 0 ? "+" : "-")}{Math.Abs(n - 1)}",
        };
        return number < 0 ? $"-{text}" : text;
    }
}
