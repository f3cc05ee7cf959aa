using GeoEvents.Hosting;
using MailKit.Security;
using MimeKit;

namespace GeoEvents.Delivery.Email;

/// <summary>How e-mail leaves.</summary>
/// <param name="Host">Of the SMTP server; empty: no e-mail is sent.</param>
/// <param name="Sender">Whom messages are from.</param>
public sealed record SmtpSettings(string Host, int Port, SecureSocketOptions Security, string? User, string? Password, MailboxAddress? Sender)
{
    public const string HostKey = "Delivery:Smtp:Host";
    private const string PortKey = "Delivery:Smtp:Port";
    private const string SecurityKey = "Delivery:Smtp:Tls";
    private const string UserKey = "Delivery:Smtp:User";
    private const string PasswordKey = "Delivery:Smtp:Password";
    private const string FromKey = "Delivery:Smtp:From";

    public bool IsConfigured => Host.Length > 0;

    /// <exception cref="StartupException">A setting makes no sense.</exception>
    public static SmtpSettings From(IConfiguration configuration)
    {
        var host = configuration[HostKey]?.Trim() ?? "";
        if (host.Length == 0)
        {
            return new SmtpSettings("", 0, SecureSocketOptions.None, null, null, null);
        }

        var (security, usualPort) = (configuration[SecurityKey] ?? "starttls") switch
        {
            "starttls" => (SecureSocketOptions.StartTls, 587),
            "tls" => (SecureSocketOptions.SslOnConnect, 465),
            "none" => (SecureSocketOptions.None, 25),
            _ => throw new StartupException($"{SecurityKey} is starttls, tls or none."),
        };
        var port = configuration[PortKey] is { Length: > 0 } text
            ? int.TryParse(text, out var number) && number is > 0 and < 65536 ? number : throw new StartupException($"{PortKey} is no port.")
            : usualPort;
        var from = MailboxAddress.TryParse(configuration[FromKey] ?? "", out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal)
            ? mailbox
            : throw new StartupException($"{FromKey} has to be the address that e-mail is from, such as \"GeoEvents <alerts@example.org>\".");
        return new SmtpSettings(host, port, security, configuration[UserKey], configuration[PasswordKey], from);
    }
}
