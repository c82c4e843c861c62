; One user's own esign: no administrator is asked. ${APP} is the folder that goes in, ${OUT} the installer.
; Started again, it renews what is there; /S asks nothing. kaldir.exe takes it away, and leaves the user's data.
Target amd64-unicode

!include MUI2.nsh
!include x64.nsh
Name "esign"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\esign"
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave off
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "esign"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "esign kurulumu"
VIAddVersionKey LegalCopyright "MIT"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE Turkish
!insertmacro MUI_LANGUAGE English
LangString Bits ${LANG_TURKISH} "esign 64 bit Windows 10 ya da 11 ister."
LangString Bits ${LANG_ENGLISH} "esign needs a 64-bit Windows 10 or 11."
LangString Busy ${LANG_TURKISH} "esign şu anda çalışıyor. Pencerelerini kapatıp kurulumu yeniden başlatınız."
LangString Busy ${LANG_ENGLISH} "esign is running. Close its windows and start the installer again."
Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(Bits)" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
FunctionEnd
Section
  IfFileExists "$INSTDIR\python311.dll" 0 free
    ClearErrors
    Delete "$INSTDIR\python311.dll"
    IfErrors 0 free
      MessageBox MB_OK|MB_ICONSTOP "$(Busy)" /SD IDOK
      SetErrorLevel 3
      Abort
  free:
  RMDir /r "$INSTDIR\Lib"
  RMDir /r "$INSTDIR\DLLs"
  RMDir /r "$INSTDIR\docs"
  SetOutPath $INSTDIR
  File /r "${APP}/*"
  WriteUninstaller "$INSTDIR\kaldir.exe"
  nsExec::Exec '"$INSTDIR\python.exe" -sPI "$INSTDIR\path_entry.py" add'
  Pop $0
  SetOutPath "$PROFILE"
  CreateShortCut "$SMPROGRAMS\esign (komut istemi).lnk" "$SYSDIR\cmd.exe" '/k title esign & chcp 65001 >nul & set "PATH=$INSTDIR;%PATH%" & esign' "$INSTDIR\esign.exe"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign" DisplayName "esign"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign" Publisher "The esign authors"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign" UninstallString '"$INSTDIR\kaldir.exe"'
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign" QuietUninstallString '"$INSTDIR\kaldir.exe" /S'
SectionEnd
Section Uninstall
  nsExec::Exec '"$INSTDIR\python.exe" -sPI "$INSTDIR\path_entry.py" remove'
  Pop $0
  RMDir /r "$INSTDIR\Lib"
  RMDir /r "$INSTDIR\DLLs"
  RMDir /r "$INSTDIR\PostgreSQL"
  RMDir /r "$INSTDIR\docs"
  Delete "$INSTDIR\*.exe"
  Delete "$INSTDIR\*.dll"
  Delete "$INSTDIR\path_entry.py"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\sbom.cdx.json"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\esign (komut istemi).lnk"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\esign"
SectionEnd
