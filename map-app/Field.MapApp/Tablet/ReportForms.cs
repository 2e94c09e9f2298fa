using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Field.MapApp.Tablet;

/// <summary>
/// A municipality's own report forms: JSON Schema (2020-12) files in <c>forms/</c> of the data folder, read at the start. Only what the tablet
/// can ask for is a form; a keyword that it would ignore stops the start, because a rule that nobody keeps is worse than none.
/// </summary>
internal sealed partial class ReportForms
{
    /// <summary>Most forms, and most questions of one.</summary>
    public const int MostForms = 20;

    private const int MostQuestions = 40;
    private const int MostBytes = 64 * 1024;

    private static readonly string[] RootKeywords = ["$schema", "$id", "$comment", "title", "x-title-en", "description", "x-description-en", "type", "properties", "required", "additionalProperties"];
    private static readonly string[] CommonKeywords = ["type", "title", "x-title-en", "description", "x-description-en", "$comment", "default"];

    private static readonly Dictionary<string, string[]> KeywordsOf = new(StringComparer.Ordinal)
    {
        ["string"] = ["minLength", "maxLength", "enum", "x-enum-en", "format"],
        ["number"] = ["minimum", "maximum"],
        ["integer"] = ["minimum", "maximum"],
        ["boolean"] = [],
    };

    private ReportForms(IReadOnlyList<JsonObject> forms) => All = forms;

    /// <summary>The schemas, each with its <c>id</c> (the file's name) as <c>$id</c>, by name.</summary>
    public IReadOnlyList<JsonObject> All { get; }

    /// <summary>Reads and checks all forms of a data folder; no folder means no forms.</summary>
    /// <exception cref="FieldException">What is wrong with them, a line for each error.</exception>
    public static ReportForms Load(string dataDirectory)
    {
        string folder = Path.Combine(Path.GetFullPath(dataDirectory), "forms");
        if (!Directory.Exists(folder))
        {
            return new([]);
        }

        List<string> faults = [];
        List<JsonObject> forms = [];
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        if (files.Length > MostForms)
        {
            faults.Add($"{folder}: {files.Length} forms, at most {MostForms}");
        }

        foreach (string file in files.Take(MostForms))
        {
            string id = Path.GetFileNameWithoutExtension(file);
            if (Read(file, faults) is not { } form)
            {
                continue;
            }

            if (!FormId().IsMatch(id))
            {
                faults.Add($"{file}: the file's name is the form's id: 1 to 64 of a-z, 0-9 and -");
            }

            Check(form, $"{Path.GetFileName(file)}: ", faults);
            form["$id"] = id;
            forms.Add(form);
        }

        return faults.Count == 0 ? new(forms) : throw new FieldException($"forms: {string.Join("\n  ", faults)}");
    }

    private static JsonObject? Read(string file, List<string> faults)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            if (bytes.Length > MostBytes)
            {
                faults.Add($"{file}: {bytes.Length} bytes, at most {MostBytes}");
                return null;
            }

            JsonNode? node = JsonNode.Parse(bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            if (node is JsonObject form)
            {
                return form;
            }

            faults.Add($"{file}: must be a JSON object");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{file}: {e.Message}");
        }

        return null;
    }

    private static void Check(JsonObject form, string at, List<string> faults)
    {
        Unknown(form, RootKeywords, at, faults);
        Text(form, "title", at, faults);
        if (Word(form["type"]) != "object" || form["properties"] is not JsonObject { Count: > 0 and <= MostQuestions } properties)
        {
            faults.Add($"{at}type must be object, with 1 to {MostQuestions} properties");
            return;
        }

        foreach ((string name, JsonNode? node) in properties)
        {
            string where = $"{at}/properties/{name}: ";
            if (!QuestionName().IsMatch(name))
            {
                faults.Add($"{where}a name has 1 to 64 letters, digits, _ and -");
            }

            if (node is JsonObject question)
            {
                CheckQuestion(question, where, faults);
            }
            else
            {
                faults.Add($"{where}must be an object");
            }
        }

        if (form["required"] is { } required && (required is not JsonArray names || names.Any(n => Word(n) is not { } name || !properties.ContainsKey(name))))
        {
            faults.Add($"{at}/required: must be a list of names of properties");
        }
    }

    private static void CheckQuestion(JsonObject question, string at, List<string> faults)
    {
        if (Word(question["type"]) is not { } type || !KeywordsOf.TryGetValue(type, out string[]? own))
        {
            faults.Add($"{at}type must be one of {string.Join(", ", KeywordsOf.Keys)}");
            return;
        }

        Unknown(question, [.. CommonKeywords, .. own], at, faults);
        Text(question, "title", at, faults);
        Ordered(question, "minimum", "maximum", at, faults);
        Ordered(question, "minLength", "maxLength", at, faults);
        if (question["format"] is { } format && Word(format) != "date")
        {
            faults.Add($"{at}format can only be date");
        }

        int? choices = Choices(question, "enum", at, faults);
        if (Choices(question, "x-enum-en", at, faults) is { } english && english != choices)
        {
            faults.Add($"{at}x-enum-en must have as many texts as enum");
        }
    }

    private static int? Choices(JsonObject question, string name, string at, List<string> faults)
    {
        if (question[name] is not { } node)
        {
            return null;
        }

        if (node is JsonArray { Count: > 0 and <= 60 } list && list.All(n => Word(n) is { Length: > 0 and <= 80 }) && list.Select(Word).Distinct().Count() == list.Count)
        {
            return list.Count;
        }

        faults.Add($"{at}{name} must be a list of 1 to 60 different texts of up to 80 characters");
        return null;
    }

    private static void Ordered(JsonObject question, string least, string most, string at, List<string> faults)
    {
        double? low = Number(question, least, at, faults);
        double? high = Number(question, most, at, faults);
        if (low > high)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{at}{least} {low} is above {most} {high}"));
        }
    }

    private static double? Number(JsonObject question, string name, string at, List<string> faults)
    {
        if (question[name] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number))
        {
            return number;
        }

        faults.Add($"{at}{name} must be a number");
        return null;
    }

    private static void Text(JsonObject node, string name, string at, List<string> faults)
    {
        if (Word(node[name]) is not { Length: > 0 and <= 80 })
        {
            faults.Add($"{at}{name} must be a text of 1 to 80 characters: people read it");
        }
    }

    private static void Unknown(JsonObject node, string[] known, string at, List<string> faults) =>
        faults.AddRange(node.Select(m => m.Key).Except(known, StringComparer.Ordinal).Select(name => $"{at}{name} is not a keyword that a form can have: {string.Join(", ", known)}"));

    private static string? Word(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex FormId();

    [GeneratedRegex("^[\\p{L}\\p{N}_-]{1,64}$")]
    private static partial Regex QuestionName();
}
