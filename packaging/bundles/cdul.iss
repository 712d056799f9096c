; Inno Setup 6: an installer for Windows of the folder that PyInstaller made. For one user, without administrator.
;   iscc packaging\bundles\cdul.iss
[Setup]
AppName=CDUL
AppVersion=0.1.0
AppId=cdul
DefaultDirName={autopf}\CDUL
DefaultGroupName=CDUL
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=cdul-0.1.0-windows-x64
Compression=lzma2
ChangesAssociations=yes

[Files]
Source: "..\..\dist\cdul\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\CDUL"; Filename: "{app}\cdul.exe"

[Registry]
; "Open with CDUL" on a folder.
Root: HKCU; Subkey: "Software\Classes\Directory\shell\cdul"; ValueType: string; ValueData: "CDUL"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Directory\shell\cdul\command"; ValueType: string; ValueData: """{app}\cdul.exe"" open ""%1"""
