using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Delivery.Email;

[JsonConverter(typeof(KebabCaseEnumConverter<EmailMode>))]
public enum EmailMode { Immediate, Digest }

/// <summary>E-mail to people.</summary>
/// <param name="To">1 to 20 addresses, such as <c>desk@example.org</c>.</param>
/// <param name="Mode">A message for each alert, or one for all of a window; <c>immediate</c> if not said.</param>
/// <param name="Digest">When digests go out; only, and always, with <see cref="EmailMode.Digest"/>.</param>
/// <param name="QuietHours">When nothing goes out. It waits; nothing is lost, and alerts are evaluated all the same.</param>
public sealed record EmailChannel(IReadOnlyList<string>? To = null, EmailMode Mode = EmailMode.Immediate, DigestTimes? Digest = null, QuietHours? QuietHours = null);

/// <param name="At">Times of day, 1 to 24, as <c>07:30</c>.</param>
/// <param name="Zone">IANA time zone whose clocks show them, such as <c>Europe/Vienna</c>; UTC if not said.</param>
public sealed record DigestTimes(IReadOnlyList<string>? At = null, string? Zone = null);

/// <summary>From one time of day to another, over midnight if the second is the earlier.</summary>
/// <param name="From">As <c>22:00</c>; then it begins.</param>
/// <param name="To">Then it is over.</param>
/// <param name="Zone">IANA time zone whose clocks show them; UTC if not said.</param>
public sealed record QuietHours(string From = "", string To = "", string? Zone = null);
