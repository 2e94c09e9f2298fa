using System.Text.Json;

namespace Field.MapApp;

/// <summary>The data folder while a server owns it: one server at a time, and the endpoints that it listens on.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly string _endpoints;
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
        _endpoints = System.IO.Path.Combine(path, "endpoints.json");
    }

    public string Path { get; }

    /// <exception cref="FieldException">Another server has it, or this user may not write there.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            FileStream held = new(System.IO.Path.Combine(path, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            DataDirectory data = new(path, held);
            File.Delete(data._endpoints);
            return data;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FieldException($"{path}: user {Environment.UserName} may not write there; change the folder's owner or choose another --data folder", innerException: e);
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(path, "server.lock")))
        {
            throw new FieldException($"{path} is in use by another Field server; stop it, or choose another --data folder", innerException: e);
        }
    }

    /// <summary>Tells where the server listens; written whole, so that a reader never sees half of it.</summary>
    public void Announce(Uri http, Uri mqtt, Uri? mqtts = null, Uri? https = null, Uri? map = null, Uri? publicMap = null)
    {
        string temporary = _endpoints + ".tmp";
        Dictionary<string, string> endpoints = new()
        {
            ["http"] = http.ToString(),
            ["mqtt"] = mqtt.ToString(),
            ["pid"] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (mqtts is not null && https is not null)
        {
            endpoints["mqtts"] = mqtts.ToString();
            endpoints["https"] = https.ToString();
        }

        if (map is not null)
        {
            endpoints["map"] = map.ToString();
        }

        if (publicMap is not null)
        {
            endpoints["publicMap"] = publicMap.ToString();
        }

        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(endpoints));
        File.Move(temporary, _endpoints, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_endpoints);
        _lock.Dispose();
    }
}
