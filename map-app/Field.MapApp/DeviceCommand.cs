using System.CommandLine;
using System.Globalization;
using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store;

namespace Field.MapApp;

/// <summary><c>device enrol | list | show | renew | revoke</c>: the devices of a site, whether its server runs or not.</summary>
internal static class DeviceCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "The server's data folder. Environment: FIELD_DATA.", DefaultValueFactory = _ => Setting("FIELD_DATA") ?? Path.Combine(Installation.Root(), ".field", "data") };
    private static readonly Option<string> Site = new("--site") { Description = "Site id. Environment: FIELD_SITE.", DefaultValueFactory = _ => Setting("FIELD_SITE") ?? "demo" };
    private static readonly Option<string> Device = new("--device") { HelpName = "ID", Required = true, Description = "Device id." };

    public static Command Create()
    {
        Option<string> valid = new("--valid") { HelpName = "TIME", DefaultValueFactory = _ => "24h", Description = "How long the code is valid: 30m, 24h, 7d." };
        Option<string> reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "revoked by hand", Description = "Why, for the audit log." };
        Option<string> kind = new("--kind") { HelpName = "device|lock", DefaultValueFactory = _ => "device", Description = "lock: with its certificate it gets a secret of its own, for bookings and remote opening." };
        kind.AcceptOnlyFromAmong("device", "lock");
        Command enrol = New("enrol", "端末の登録コードを発行します / Prints a one-time code for a new device.", Device, kind, valid);
        enrol.SetAction((r, c) => CodeAsync(r, valid, r.GetRequiredValue(kind) == "lock" ? (a, d, t) => a.EnrolLockAsync(d, t, c) : (a, d, t) => a.EnrolAsync(d, t, c)));
        Command renew = New("renew", "登録済み端末の再登録コードを発行します / Prints a one-time code for an enrolled device that cannot renew by itself.", Device, valid);
        renew.SetAction((r, c) => CodeAsync(r, valid, (a, d, t) => a.RenewAsync(d, t, c)));
        Command revoke = New("revoke", "端末を直ちに無効にします / Revokes a device; its connections end within a second.", Device, reason);
        revoke.SetAction((r, c) => RunAsync(r, a => RevokeAsync(a, r.GetRequiredValue(Device), r.GetRequiredValue(reason), c)));
        Command list = New("list", "端末の一覧 / Lists the devices.");
        list.SetAction((r, c) => RunAsync(r, a => ListAsync(a, null, c)));
        Command show = New("show", "一つの端末の証明書 / Shows every certificate of a device.", Device);
        show.SetAction((r, c) => RunAsync(r, a => ListAsync(a, r.GetRequiredValue(Device), c)));
        return new Command("device", "Devices and their certificates.") { enrol, list, show, renew, revoke };
    }

    private static Command New(string name, string description, params Option[] options)
    {
        Command command = new(name, description) { Data, Site };
        foreach (Option option in options)
        {
            command.Add(option);
        }

        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, Func<DeviceAdministration, Task<int>> action)
    {
        try
        {
            IdentityOptions options = new() { Site = result.GetRequiredValue(Site), DataDirectory = result.GetRequiredValue(Data) };
            DeviceAdministration administration = DeviceAdministration.Open(options, TimeProvider.System);
            await using (administration.ConfigureAwait(false))
            {
                return await action(administration).ConfigureAwait(false);
            }
        }
        catch (FieldException e)
        {
            await Console.Error.WriteLineAsync($"field device: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }

    private static Task<int> CodeAsync(
        ParseResult result, Option<string> valid, Func<DeviceAdministration, string, TimeSpan, Task<EnrolmentCode>> create) => RunAsync(result, async administration =>
    {
        TimeSpan validFor = Duration(result.GetRequiredValue(valid));
        EnrolmentCode code = await create(administration, result.GetRequiredValue(Device), validFor).ConfigureAwait(false);
        Console.WriteLine(code.Text);
        await Console.Error.WriteLineAsync(
            $"このコードは一度だけ使えます（有効 {validFor.TotalHours:0.#} 時間）。端末で: field agent enrol --server https://サーバー:8443 --code コード\n" +
            $"This code works once, for {validFor.TotalHours:0.#} h. On the device: field agent enrol --server https://SERVER:8443 --code CODE").ConfigureAwait(false);
        return 0;
    });

    private static async Task<int> RevokeAsync(DeviceAdministration administration, string device, string reason, CancellationToken cancel)
    {
        int count = await administration.RevokeAsync(device, reason, cancel).ConfigureAwait(false);
        Console.WriteLine(count > 0 ? $"{device}: {count} 件の証明書を無効にしました / {count} certificates revoked" : $"{device}: 有効な証明書はありません / no valid certificate");
        return count > 0 ? 0 : 1;
    }

    private static async Task<int> ListAsync(DeviceAdministration administration, string? device, CancellationToken cancel)
    {
        IReadOnlyList<DeviceCertificate> all = await administration.ListAsync(cancel).ConfigureAwait(false);
        IEnumerable<DeviceCertificate> shown = device is null
            ? all.GroupBy(c => c.Device).Select(g => g.FirstOrDefault(c => c.RevokedAt is null) ?? g.First())
            : all.Where(c => c.Device == device);
        foreach (DeviceCertificate c in shown)
        {
            string state = c.RevokedAt is { } at ? $"無効 / revoked {WireTime.Format(at)} ({c.Reason})" : c.NotAfter <= TimeProvider.System.GetUtcNow() ? "期限切れ / expired" : "有効 / valid";
            Console.WriteLine($"{c.Device,-32} {c.Serial}  {WireTime.Format(c.IssuedAt)} - {WireTime.Format(c.NotAfter)}  {state}");
        }

        return 0;
    }

    private static TimeSpan Duration(string text) =>
        text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number < 1e6
            ? text[^1] switch { 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => TimeSpan.Zero }
            : TimeSpan.Zero;

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
